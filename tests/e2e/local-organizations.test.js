// Organizations: members, invitations, roles.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { ADA, BEA, PASSWORD, seen, skip } = fullstack;
const SLUG = "analytical-engines";

/** A user with an organization, which was created with the switcher. */
async function admin(t) {
  const app = await fullstack.start(t);
  await app.signUp(ADA, { firstName: "Ada", lastName: "Lovelace" });
  await app.page.click(".cl-organizationSwitcherTrigger");
  await app.page.click("text=Create organization");
  await app.page.fill("input[name=name]", "Analytical Engines");
  await app.page.click(".cl-formButtonPrimary");
  await app.page.waitForFunction(() => window.Clerk.organization);
  return app;
}

/** Sends an invitation with the organization profile. */
async function invite(app, address) {
  await app.open("/organization/organization-members");
  await app.page.click(".cl-membersPageInviteButton");
  await app.page.click(".cl-tagInputContainer");
  await app.page.keyboard.type(`${address} `);
  await app.page.click("button:has-text('Send invitations')");
  await app.page.waitForSelector("text=Invitations successfully sent");
}

test("organizations: created and switched with the component", { skip }, async (t) => {
  const app = await admin(t);
  const { user } = await seen(app);
  assert.deepEqual(await seen(app), { user, ages: [0, null], role: "org:admin", slug: SLUG });
  assert.equal((await app.me("/api/admin")).status, 200);
  // Back to the personal account, with the switcher.
  await app.open("/");
  await app.page.click(".cl-organizationSwitcherTrigger");
  await app.page.click("text=Personal account");
  await app.page.waitForFunction(() => !window.Clerk.organization);
  assert.equal((await seen(app)).role, null);
  assert.equal((await app.me("/api/admin")).status, 403);
});

test("an invited user signs up, becomes a member and then an admin, with the components", { skip }, async (t) => {
  const app = await admin(t);
  await invite(app, BEA);
  const link = await app.lastLink();
  const other = await fullstack.openWindow(t, app);
  await other.page.goto(link);
  await other.page.waitForURL(/\/sign-up\/continue/);
  await other.page.fill("input[name=password]", PASSWORD);
  await other.page.click("button.cl-formButtonPrimary");
  await other.home();
  const bea = await seen(other);
  assert.deepEqual([bea.role, bea.slug], ["org:member", SLUG]);
  assert.equal((await other.me("/api/admin")).status, 403);
  assert.equal((await fetch(link)).status, 400, "the invitation is used");

  await app.open("/organization/organization-members");
  await app.page.click("tr:has-text('bea+clerk_test') .cl-selectButton__role");
  await app.page.click(".cl-selectOptionsContainer >> text=Admin");
  await app.page.waitForSelector("tr:has-text('bea+clerk_test') .cl-selectButton__role:has-text('Admin')");
  await other.run(() => window.Clerk.session.getToken({ skipCache: true }));
  assert.equal((await seen(other)).role, "org:admin");
  assert.equal((await other.me("/api/admin")).status, 200);

  await app.page.click("tr:has-text('bea+clerk_test') .cl-menuButton");
  await app.page.click("text=Remove member");
  await app.page.waitForSelector("tr:has-text('bea+clerk_test')", { state: "detached" });
  await other.open("/");
  assert.deepEqual([(await seen(other)).user, (await seen(other)).role], [bea.user, null]);
});

test("a user with an account accepts an invitation with the switcher", { skip }, async (t) => {
  const app = await admin(t);
  const other = await fullstack.openWindow(t, app);
  await other.signUp(BEA);
  const bea = await seen(other);
  await invite(app, BEA);
  await other.open("/");
  await other.page.click(".cl-organizationSwitcherTrigger");
  await other.page.click(".cl-organizationSwitcherInvitationAcceptButton");
  // The name is visible before a click works: in the invitation, and until the new membership is loaded.
  const membership = ".cl-organizationSwitcherPreviewButton:has-text('Analytical Engines')";
  await other.page.waitForSelector(membership);
  await other.clickUntil(membership, () => window.Clerk.organization);
  assert.deepEqual(await seen(other), { ...bea, role: "org:member", slug: SLUG });
});
