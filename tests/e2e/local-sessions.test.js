// Several sessions in one browser, and their end.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, CODE, PASSWORD, seen, skip } = fullstack;

test("two accounts in one browser, added and switched with the user button", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA, { firstName: "Ada", lastName: "Lovelace" });
  const ada = await seen(app);
  await app.page.click(".cl-userButtonTrigger");
  await app.page.click("text=Add account");
  await app.page.waitForURL(/\/sign-in/);
  await app.page.click(".cl-footerActionLink:has-text('Sign up')");
  await app.page.fill("input[name=emailAddress]", BEA);
  await app.page.fill("input[name=password]", PASSWORD);
  await app.page.press("input[name=password]", "Enter");
  await app.enterCode(CODE);
  await app.home();
  const bea = await seen(app);
  assert.notEqual(ada.user, bea.user);
  await app.page.click(".cl-userButtonTrigger");
  await app.page.click("text=Ada Lovelace");
  await app.waitForUser(ada.user);
  await app.open("/");
  assert.deepEqual(await seen(app), ada);
  await app.page.click(".cl-userButtonTrigger");
  await app.page.click(".cl-userButtonPopoverActionButton__signOut");
  await app.waitForUser(bea.user);
  await app.open("/");
  assert.equal((await seen(app)).user, bea.user, "the other is still signed in");
  assert.equal(await app.run(() => window.Clerk.client.signedInSessions.length), 1);
});

test("an admin impersonates a member, and is the admin again after signing out", { skip }, async (t) => {
  const app = await fullstack.start(t);
  // Alice and Bob are users that every instance has.
  await app.page.goto(`${app.instance}/sign-in?redirect_url=${encodeURIComponent(`${app.url}/`)}`);
  await app.page.click("button:has-text('Alice')");
  await app.ready();
  const alice = (await app.me()).body;
  assert.deepEqual([alice.role, alice.slug, alice.actor], ["org:admin", "acme", null]);
  const links = [];
  app.page.on("request", (request) => {
    if (/\/v1\/tickets\/accept/.test(request.url())) links.push(request.url());
  });
  await app.page.click("#members li:has-text('bob') button");
  await app.page.waitForSelector("#acting:has-text('You act as bob@example.com')");
  const bob = (await app.me()).body;
  assert.deepEqual([bob.role, bob.slug, bob.actor], ["org:member", "acme", alice.user]);
  assert.notEqual(bob.user, alice.user);
  assert.notEqual(bob.session, alice.session);
  assert.equal((await app.me("/api/admin")).status, 403);
  await app.page.goto(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), bob.user);

  // Clerk's own component for impersonation.
  await app.open("/");
  await app.page.click(".cl-impersonationFabActionLink");
  await app.waitForUser(alice.user);
  await app.open("/");
  assert.deepEqual((await app.me()).body, alice);
  assert.equal(links.length, 1);
  await app.page.goto(links[0]);
  await app.page.waitForSelector("text=/ticket is not known|used/");
  await app.open("/");
  assert.deepEqual((await app.me()).body, alice, "a token is valid once");
});

test("a session that was revoked at the instance ends in the page, too", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  await app.run(async () => {
    const [session] = await window.Clerk.user.getSessions();
    await session.revoke();
  });
  await app.open("/");
  assert.equal(await app.run(() => window.Clerk.session ?? null), null);
  assert.equal(await seen(app), 401);
});
