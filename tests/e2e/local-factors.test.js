// Second factors, and proving again who one is.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, PASSWORD, seen, skip } = fullstack;

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
  await app.page.click("button:has-text('Continue')");
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
  assert.equal(await seen(app), 401, "each code is good once");
});

test("a backend that asks for a fresh factor gets one", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  assert.equal((await app.me("/api/transfer", { method: "POST" })).status, 200);
  app.advance(15 * 60);
  const transfer = () =>
    app.run(async () => {
      await window.Clerk.session.getToken({ skipCache: true });
      return window.me("/api/transfer", { method: "POST" });
    });
  const refused = await transfer();
  assert.equal(refused.status, 403);
  assert.equal(refused.body.clerk_error.reason, "reverification-error");
  const status = await app.run(async (password) => {
    const begun = await window.Clerk.session.startVerification({ level: "first_factor" });
    const done = await window.Clerk.session.attemptFirstFactorVerification({ strategy: "password", password });
    return [begun.status, done.status];
  }, PASSWORD);
  assert.deepEqual(status, ["needs_first_factor", "complete"]);
  const allowed = await transfer();
  assert.equal(allowed.status, 200);
  assert.deepEqual(allowed.body.factor_ages, [0, null]);
});
