// The user's profile.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, CODE, PASSWORD, seen, skip } = fullstack;

test("the profile: names, another address, a new password", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
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
  await app.run(
    ([currentPassword, newPassword]) => window.Clerk.user.updatePassword({ currentPassword, newPassword }),
    [PASSWORD, "another horse battery"],
  );
  const { user } = await seen(app);
  await app.signOut();
  await app.identify("countess+clerk_test@example.com");
  await app.enterPassword("another horse battery");
  await app.home();
  assert.equal((await seen(app)).user, user);
});
