// Several sessions in one browser, and their end.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, seen, skip } = fullstack;

test("two accounts in one browser", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA);
  const ada = await seen(app);
  await app.signUp(BEA);
  const bea = await seen(app);
  assert.notEqual(ada.user, bea.user);
  const switchTo = async (user) => {
    await app.run(async (user) => {
      const session = window.Clerk.client.sessions.find((session) => session.user.id === user);
      await window.Clerk.setActive({ session });
    }, user);
    await app.open("/");
  };
  await switchTo(ada.user);
  assert.deepEqual(await seen(app), ada);
  await app.run(async () => window.Clerk.signOut({ sessionId: window.Clerk.session.id }));
  await app.open("/");
  assert.equal((await seen(app)).user, bea.user, "the other is still signed in");
  assert.equal(await app.run(() => window.Clerk.client.signedInSessions.length), 1);
});

test("a session that the instance has ended is over in the page, too", { skip }, async (t) => {
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
