// The user's profile.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, CODE, PASSWORD, seen, skip } = fullstack;
const NEW = "another horse battery";

test("the profile: names, and another address that replaces the first one", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  const { user } = await seen(app);
  await app.open("/user");
  await app.page.click("text=Update profile");
  await app.page.fill("input[name=firstName]", "Ada");
  await app.page.fill("input[name=lastName]", "Byron");
  await app.page.click("button:has-text('Save')");
  await app.page.waitForSelector("text=Ada Byron");
  await app.page.click("text=Add email address");
  await app.page.fill("input[name=emailAddress]", "countess+clerk_test@example.com");
  await app.page.click("button:has-text('Add'):not(:has-text('email'))");
  await app.enterCode(CODE);
  await app.page.waitForFunction(() => window.Clerk.user.emailAddresses.every((one) => one.verification.status === "verified"));
  assert.equal(await app.run(() => window.Clerk.user.emailAddresses.length), 2);

  const choose = async (address, choice) => {
    await app.page.click(`.cl-profileSectionItem__emailAddresses:has-text('${address}') .cl-menuButton`);
    await app.page.click(`text=${choice}`);
  };
  await choose("countess", "Set as primary");
  await app.page.waitForSelector(".cl-profileSectionItem__emailAddresses:has-text('countess') >> text=Primary");
  await app.open("/user");
  await choose("ada+clerk_test", "Remove email");
  const isRemoved = () => window.Clerk.user.emailAddresses.length === 1;
  await app.clickUntil(".cl-formButtonPrimary:has-text('Remove')", isRemoved);
  await app.signOut();
  await app.identify(ADA);
  await app.page.waitForSelector("text=Couldn't find your account");
  await app.identify("countess+clerk_test@example.com");
  await app.enterPassword(PASSWORD);
  await app.home();
  assert.equal((await seen(app)).user, user);
});

test("a new password, after a reverification, signs out the other devices", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  const { user } = await seen(app);
  const other = await fullstack.openWindow(t, app);
  await other.identify(ADA);
  await other.enterPassword(PASSWORD);
  await other.home();
  assert.equal((await seen(other)).user, user);
  app.advance(15 * 60);
  await app.open("/user/security");
  await app.page.click("text=Update password");
  await app.page.fill("input[name=newPassword]", NEW);
  await app.page.fill("input[name=confirmPassword]", NEW);
  await app.page.check("input[name=signOutOfOtherSessions]", { force: true });
  await app.page.click("button:has-text('Save')");
  await app.page.waitForSelector("text=Verification required");
  await app.enterPassword(PASSWORD);
  await app.page.waitForSelector("input[name=newPassword]", { state: "detached" });
  assert.equal((await seen(app)).user, user);
  await other.open("/");
  assert.equal(await seen(other), 401);
  await app.signOut();
  await app.identify(ADA);
  await app.enterPassword(PASSWORD);
  await app.page.waitForSelector("text=Password is incorrect");
  await app.enterPassword(NEW);
  await app.home();
});
