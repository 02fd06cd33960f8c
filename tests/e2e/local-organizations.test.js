// Organizations: members, invitations, roles.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, PASSWORD, seen, skip } = fullstack;

test("organizations: created and switched with the component; invited, accepted, promoted", { skip }, async (t) => {
  const app = await fullstack.start(t);
  await app.signUp(ADA, { firstName: "Ada", lastName: "Lovelace" });
  const { user } = await seen(app);
  await app.page.click(".cl-organizationSwitcherTrigger");
  await app.page.click("text=Create organization");
  await app.page.fill("input[name=name]", "Analytical Engines");
  await app.page.click(".cl-formButtonPrimary");
  await app.page.waitForFunction(() => window.Clerk.organization);
  assert.deepEqual(await seen(app), { user, ages: [0, null], role: "org:admin", slug: "analytical-engines" });
  assert.equal((await app.me("/api/admin")).status, 200);

  await app.run((emailAddress) => window.Clerk.organization.inviteMember({ emailAddress, role: "org:member" }), BEA);
  const link = await app.lastLink();
  const other = await fullstack.openWindow(t, app);
  await other.page.goto(link);
  await other.ready();
  const ticket = new URL(other.page.url()).searchParams.get("__clerk_ticket");
  assert.ok(ticket, other.page.url());
  await other.run(
    async ([ticket, password]) => {
      const done = await window.Clerk.client.signUp.create({ strategy: "ticket", ticket, password });
      await window.Clerk.setActive({ session: done.createdSessionId });
    },
    [ticket, PASSWORD],
  );
  await other.open("/");
  await other.run(async () => {
    const { data } = await window.Clerk.user.getOrganizationMemberships();
    await window.Clerk.setActive({ organization: data[0].organization.id });
  });
  await other.open("/");
  const bea = await seen(other);
  assert.deepEqual([bea.role, bea.slug], ["org:member", "analytical-engines"]);
  assert.equal((await other.me("/api/admin")).status, 403);

  const promoted = await app.run(async (userId) => {
    await window.Clerk.organization.updateMember({ userId, role: "org:admin" });
    const { data } = await window.Clerk.organization.getMemberships();
    return data.map((one) => one.role);
  }, bea.user);
  assert.deepEqual(promoted, ["org:admin", "org:admin"]);
  await other.run(() => window.Clerk.session.getToken({ skipCache: true }));
  assert.equal((await other.me("/api/admin")).status, 200);

  // Back to the personal account, with the switcher.
  await app.open("/");
  await app.page.click(".cl-organizationSwitcherTrigger");
  await app.page.click("text=Personal account");
  await app.page.waitForFunction(() => !window.Clerk.organization);
  assert.equal((await seen(app)).role, null);
});
