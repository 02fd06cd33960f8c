// Second factors and reverification.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, CODE, PASSWORD, seen, skip } = fullstack;

test("an authenticator app and backup codes, set up and used with the components", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(BEA);
  await app.open("/user/security");
  await app.page.click("text=Add two-step verification");
  await app.page.click("text=Authenticator application");
  await app.page.click("text=/Can.t scan QR/");
  const secret = await app.page.waitForFunction(() =>
    [...document.querySelectorAll("input")].map(({ value }) => value).find((value) => /^[A-Z2-7]{32}$/.test(value)),
  );
  const key = await secret.jsonValue();
  const now = () => Date.now() / 1000;
  // The component may still be replacing the button, and then a click is lost.
  const code = "[data-input-otp=true], input[autocomplete=one-time-code]";
  while (!(await app.page.$(code))) {
    await app.page.click("button:has-text('Continue')");
    await app.page.waitForSelector(code, { timeout: 5000 }).catch(() => undefined);
  }
  await app.enterCode(fullstack.totp(key, now()));
  const shown = await app.page.waitForFunction(() => {
    const leaves = [...document.querySelectorAll("*")].filter((element) => !element.childElementCount);
    const codes = leaves.map((element) => element.textContent.trim()).filter((text) => /^[a-z2-9]{8}$/.test(text));
    return codes.length >= 10 && [...new Set(codes)];
  });
  const codes = await shown.jsonValue();
  assert.equal(codes.length, 10);

  await app.signOut();
  await app.identify(BEA);
  await app.enterPassword(PASSWORD);
  await app.page.waitForURL(/factor-two/);
  await app.ready();
  assert.equal(await seen(app), 401, "one factor is not enough");
  app.advance(60);
  await app.enterCode(fullstack.totp(key, now() + 60));
  await app.home();
  assert.deepEqual((await seen(app)).ages, [0, 0]);

  const withBackupCode = async (code) => {
    await app.signOut();
    await app.identify(BEA);
    await app.enterPassword(PASSWORD);
    // The first factor's page has a link with the same text.
    await app.page.waitForURL(/factor-two/);
    await app.page.click("text=Use another method");
    await app.page.click("text=/backup code/");
    await app.page.fill("input[name=code]", code);
    await app.page.click("button.cl-formButtonPrimary");
  };
  await withBackupCode(codes[0]);
  await app.home();
  assert.deepEqual((await seen(app)).ages, [0, 0]);
  await withBackupCode(codes[0]);
  await app.page.waitForSelector("text=/[Ii]ncorrect/");
  assert.equal(await seen(app), 401, "each code is valid once");
});

test("a phone as the second factor, set up and used with the components", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(BEA);
  const { user } = await seen(app);
  await app.open("/user/security");
  await app.page.click("text=Add two-step verification");
  await app.page.click("text=SMS code");
  await app.page.click("button:has-text('Add phone number')");
  await app.page.fill("input[name=phoneNumber]", "5555550123");
  await app.page.press("input[name=phoneNumber]", "Enter");
  await app.enterCode(CODE);
  await app.page.waitForSelector("text=SMS code verification enabled");
  await app.signOut();
  await app.identify(BEA);
  await app.enterPassword(PASSWORD);
  await app.page.waitForURL(/factor-two/);
  await app.ready();
  assert.equal(await seen(app), 401, "one factor is not enough");
  await app.enterCode(CODE);
  await app.home();
  assert.deepEqual(await seen(app), { user, ages: [0, 0], role: null, slug: null });
  // Later, a reverification uses this factor.
  app.advance(15 * 60);
  await app.open("/");
  assert.deepEqual((await seen(app)).ages, [15, 15]);
  await app.page.click("#transfer");
  await app.page.waitForSelector("text=Verification required");
  await app.enterCode(CODE);
  await app.page.waitForSelector("#transferred:text-is('Transferred.')");
  assert.deepEqual((await seen(app)).ages, [15, 0]);
});

test("a reverification that the backend requires, with the component", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  assert.equal((await app.me("/api/transfer", { method: "POST" })).status, 200);
  app.advance(15 * 60);
  await app.open("/");
  assert.deepEqual((await seen(app)).ages, [15, null]);
  const refused = await app.me("/api/transfer", { method: "POST" });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.clerk_error.reason, "reverification-error");
  await app.page.click("#transfer");
  await app.page.waitForSelector("text=Verification required");
  await app.page.click(".cl-modalCloseButton");
  await app.page.waitForSelector("text=Not transferred.");
  await app.page.click("#transfer");
  await app.enterPassword("wrong password");
  await app.page.waitForSelector("text=Password is incorrect");
  await app.enterPassword(PASSWORD);
  await app.page.waitForSelector("#transferred:text-is('Transferred.')");
  assert.deepEqual((await seen(app)).ages, [0, null]);
  // Again, with a code by e-mail.
  app.advance(15 * 60);
  await app.open("/");
  await app.page.click("#transfer");
  await app.page.click("text=Use another method");
  await app.page.click("text=/Email code to/");
  await app.enterCode(CODE);
  await app.page.waitForSelector("#transferred:text-is('Transferred.')");
  assert.deepEqual((await seen(app)).ages, [0, null]);
});
