// An API with CORS in a real browser, because only browsers enforce CORS.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as apps from "./app.js";
import * as browsers from "./browser.js";

const skip = apps.missing() ?? browsers.missing() ?? false;
if (skip && process.env.CI === "true") throw new Error(skip);

let browser;
before(async () => {
  if (!skip) browser = await browsers.launch();
});
after(() => browser?.close());

/** The lines that the page shows about the API's responses. */
async function readLines(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(url);
  await page.waitForSelector("body[data-done]");
  return page.locator("li").allInnerTexts();
}

const ALICE = "200 you are user_alice0000000000000000000000";
const KEPT = "kept from this page by the browser";

for (const name of apps.CORS) {
  test(`a front end at another origin, ${name}`, { skip }, async (t) => {
    const { allowed, other } = await apps.startCors(t, name);
    assert.deepEqual(await readLines(t, allowed), [
      `with a token: ${ALICE}`,
      `with a token and JSON: ${ALICE}`,
      "without a token: 401 Bearer",
    ]);
    assert.deepEqual(await readLines(t, other), [
      `with a token: ${KEPT}`,
      `with a token and JSON: ${KEPT}`,
      `without a token: ${KEPT}`,
    ]);
  });
}
