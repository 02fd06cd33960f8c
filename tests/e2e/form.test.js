// The form of the example app: it can be sent long after the server rendered the page, because clerk-js is on the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import * as apps from "./app.js";
import * as browsers from "./browser.js";
import * as clerk from "./fetch-clerk.js";

function missing() {
  if (clerk.missing().length > 0) return `${clerk.missing().join(", ")} missing: node fetch-clerk.js`;
  return apps.missing() ?? browsers.missing();
}

const skip = missing() ?? false;
if (skip && process.env.CI === "true") throw new Error(skip);

let browser;
before(async () => {
  if (!skip) browser = await browsers.launch();
});
after(() => browser?.close());

const TEXT = "A long letter, and the only copy of it.";

/** Stands for clerk-js's worker, which has its timers: a sleeping computer fires none. */
function stopTimers() {
  window.Worker = class extends EventTarget {
    postMessage() {}
    terminate() {}
  };
}

/** Signs in and types into the form. */
async function write(t, { hasScript = true, isAsleep = false } = {}) {
  const app = await apps.startApp(t, { CLERK_NPM_FOLDER: hasScript ? clerk.FOLDER : "" });
  const window = await browsers.openWindow(t, browser, app);
  const { page, context } = window;
  await page.clock.install();
  if (isAsleep) await page.addInitScript(stopTimers);
  await window.open("/");
  await window.press("link", "Sign in");
  await window.press("button", "Alice");
  await page.getByLabel("Note").fill(TEXT);
  if (hasScript) await page.waitForFunction(() => window.Clerk?.loaded);

  let moved = 0;
  const remaining = async () => {
    const { value } = (await context.cookies()).find(({ name }) => name === "__session");
    const { exp } = JSON.parse(Buffer.from(value.split(".")[1], "base64url"));
    return exp - Date.now() / 1000 - moved;
  };
  return {
    app,
    page,
    context,
    /** Moves the clocks of the app, of its instance and of the page. */
    async advance(seconds) {
      moved += seconds;
      app.advance(seconds);
      if (isAsleep) await page.clock.setSystemTime(Date.now() + moved * 1000);
      else await page.clock.fastForward(seconds * 1000);
    },
    /** How many seconds the session cookie is still valid. */
    remaining,
    /** Waits for a new session cookie; clerk-js looks every few seconds whether it needs one. */
    async renewed() {
      const deadline = Date.now() + 30_000 * browsers.SLOWDOWN;
      while ((await remaining()) < 50) {
        assert.ok(Date.now() < deadline, "the session cookie was not renewed");
        await setTimeout(100);
      }
    },
    save: () => window.press("button", "Save"),
  };
}

test("the session cookie never expires while the page is open", { skip }, async (t) => {
  const { advance, remaining, renewed, save } = await write(t);
  for (const seconds of [48, 48, 48]) {
    await advance(seconds);
    assert.ok((await remaining()) > 0);
    await renewed();
  }
  const saved = await save();
  assert.deepEqual(saved.responses, ["200 app/notes"]);
  assert.ok(saved.text.includes(TEXT));
});

test("a form is sent after the computer slept for two minutes", { skip }, async (t) => {
  const { advance, remaining, save } = await write(t, { isAsleep: true });
  await advance(120);
  assert.ok((await remaining()) < 0);
  const saved = await save();
  assert.deepEqual(saved.responses, ["200 app/notes"]);
  assert.ok(saved.text.includes(TEXT));
});

test("the form of an ended session keeps what was typed", { skip }, async (t) => {
  const { app, advance, context, page } = await write(t);
  const other = await context.newPage();
  await other.goto(`${app.clerk}/sign-out?redirect_url=${encodeURIComponent(`${app.url}/`)}`);
  await other.getByRole("button", { name: "Sign out" }).click();
  await other.waitForURL(`${app.url}/`);
  await advance(120);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your text is still here").waitFor();
  assert.equal(await page.getByLabel("Note").inputValue(), TEXT);
});

test("without clerk-js the form is refused after two minutes", { skip }, async (t) => {
  const { advance, save } = await write(t, { hasScript: false });
  await advance(120);
  const refused = await save();
  assert.deepEqual(refused.responses, ["401 app/notes"]);
  assert.match(refused.text, /Please sign in/);
});
