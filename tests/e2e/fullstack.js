// The full-stack example in a window: helpers that use the components, and that read what the Rust backend sees.

import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { after, before } from "node:test";

import * as apps from "./app.js";
import * as browsers from "./browser.js";
import * as clerk from "./fetch-clerk.js";

const APP = process.env.EXAMPLE_FULLSTACK ?? apps.built("example-fullstack");

export const PASSWORD = "correct horse battery";

/** The code that every test address and test number gets. */
export const CODE = "424242";

export const ADA = "ada+clerk_test@example.com";
export const BEA = "bea+clerk_test@example.com";

/** The first missing program, with the command that installs it. */
function missing() {
  if (!existsSync(APP)) return `${APP} is missing: cargo build -p example-fullstack`;
  if (clerk.missing().length > 0) return `${clerk.missing().join(", ")} missing: node fetch-clerk.js`;
  return browsers.missing() ?? (apps.FAKETIME ? false : "libfaketime is missing: apt-get install libfaketime");
}

export const skip = missing();
if (skip && process.env.CI === "true") throw new Error(skip);

/** One Chromium for all tests of a file; some tests start another one. All end with the file. */
let chromium;
const launched = [];
before(async () => {
  if (!skip) chromium = await launch();
});
after(() => Promise.all(launched.map((browser) => browser.close())));

/** Starts another Chromium with extra arguments. */
export async function launch(args) {
  const browser = await browsers.launch(args);
  launched.push(browser);
  return browser;
}

/** Starts the example with its own local instance, and opens a window. */
export async function start(t, { environment = {}, browser = chromium, port, url } = {}) {
  const clock = apps.movableClock(t);
  const PORT = port ?? (await apps.freePort());
  const all = { PORT, CLERK_NPM_FOLDER: clerk.FOLDER, ...clock.environment, ...environment };
  const [, instance] = await apps.start(t, APP, [], all, /local instance at (\S+) with/);
  const app = { url: url ?? `http://localhost:${PORT}`, instance, browser, advance: clock.advance };
  return { ...(await openWindow(t, app)), ...app };
}

/** What the backend sees, without random values: the user, or the status of a refusal. */
export async function seen(app) {
  const { status, body } = await app.me();
  return status === 200 ? { user: body.user, ages: body.factor_ages, role: body.role, slug: body.slug } : status;
}

/** Another window of the app, with its own cookies. */
export async function openWindow(t, { url, instance, browser }) {
  const { context, page } = await browsers.newPage(t, browser);
  // The icons of the social buttons are not on this machine.
  await context.route("https://img.clerk.com/**", (route) => route.abort());

  /** The last link that was sent for a verification or an invitation. */
  const lastLink = async () => {
    const text = await (await fetch(`${instance}/outbox`)).text();
    return /http[^\s"<]*\/v1\/(?:verify|tickets\/accept)[^\s"<]*/.exec(text)[0].replaceAll("&amp;", "&");
  };
  const ready = () => page.waitForSelector("[data-ready]", { state: "attached" });
  const open = async (path) => {
    await page.goto(url + path);
    await ready();
  };
  /** Waits for the app's home page. */
  const home = async () => {
    await page.waitForURL((at) => at.href === `${url}/`);
    await ready();
  };
  return {
    context,
    page,
    open,
    ready,
    home,
    /** Waits until the page shows this user. */
    waitForUser: (user) =>
      page.waitForFunction((user) => document.body?.dataset.ready && window.Clerk?.user?.id === user, user),
    /** Runs a function in the page, where `Clerk` is loaded. */
    run: (action, argument) => page.evaluate(action, argument),
    /** The Rust backend's response about the signed-in user. */
    me: (path, options) => page.evaluate(([path, options]) => window.me(path, options), [path, options]),
    async signUp(emailAddress, more = {}) {
      await open("/");
      const status = await page.evaluate(
        async ([params, code]) => {
          const begun = await window.Clerk.client.signUp.create(params);
          await begun.prepareEmailAddressVerification({ strategy: "email_code" });
          const done = await begun.attemptEmailAddressVerification({ code });
          await window.Clerk.setActive({ session: done.createdSessionId });
          return done.status;
        },
        [{ emailAddress, password: PASSWORD, ...more }, CODE],
      );
      await open("/");
      return status;
    },
    async signOut() {
      await open("/");
      await Promise.all([page.waitForEvent("load"), page.evaluate(() => window.Clerk.signOut())]);
      await ready();
    },
    /** Enters the identifier in the sign-in component. */
    async identify(identifier) {
      await open("/sign-in");
      await page.fill("input[name=identifier]", identifier);
      await page.click("button.cl-formButtonPrimary");
    },
    async enterPassword(password) {
      await page.fill("input[name=password]:visible", password);
      await page.press("input[name=password]:visible", "Enter");
    },
    /** Clicks until the page has changed, because a form that is still opening ignores clicks. */
    async clickUntil(selector, done) {
      const timeout = 3_000 * browsers.SLOWDOWN;
      for (let round = 0; round < 5; round += 1) {
        await page.click(selector, { timeout }).catch(() => {});
        if (await page.waitForFunction(done, undefined, { timeout }).then(() => true, () => false)) return;
      }
      throw new Error(`a click on ${selector} had no effect`);
    },
    /** Types a code into the component. */
    async enterCode(code) {
      await page.waitForSelector("[data-input-otp=true], input[autocomplete=one-time-code]");
      await page.keyboard.type(code);
    },
    lastLink,
    /** Opens the last link in another tab of the same browser, and waits until the user is signed in there. */
    async openLink() {
      const tab = await context.newPage();
      await tab.goto(await lastLink());
      await tab.waitForURL((at) => at.href === `${url}/`);
      await tab.waitForSelector("[data-ready]", { state: "attached" });
      await page.bringToFront();
    },
  };
}

/** The code of an authenticator app (RFC 6238). */
export function totp(secret, seconds) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((digit) => alphabet.indexOf(digit).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", key).update(step).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
