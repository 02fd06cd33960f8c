// Clerk's own SDK for servers as the client of clerk-local's Backend API: it was written for Clerk, independently of us.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import * as apps from "./app.js";

const INSTANCE = process.env.CLERK_LOCAL ?? apps.built("clerk-local");
const sdk = await import("@clerk/backend").catch(() => undefined);

function missing() {
  if (!existsSync(INSTANCE)) return `${INSTANCE} is missing: cargo build -p clerk-local --features cli`;
  if (!sdk) return "@clerk/backend is missing: npm ci";
}

const skip = missing() ?? false;
if (skip && process.env.CI === "true") throw new Error(skip);

async function start(t) {
  const environment = await apps.startClerk(t);
  const clerk = sdk.createClerkClient({
    secretKey: environment.CLERK_SECRET_KEY,
    publishableKey: environment.CLERK_PUBLISHABLE_KEY,
    apiUrl: environment.CLERK_API_URL,
    telemetry: { disabled: true },
  });
  const { data } = await clerk.users.getUserList({ orderBy: "username" });
  const [alice, bob, carol] = data;
  return { clerk, environment, alice, bob, carol };
}

/** Expects an error of the API; returns its code. */
const refusal = (call) =>
  call.then(
    () => assert.fail("not refused"),
    (error) => {
      assert.ok(error.clerkError && error.clerkTraceId, String(error));
      return error.errors[0].code;
    },
  );

test("users", { skip }, async (t) => {
  const { clerk, alice } = await start(t);
  const { users } = clerk;
  assert.equal(await users.getCount(), 4);
  const ada = await users.createUser({
    emailAddress: ["ada@example.com"],
    password: "correct horse battery",
    firstName: "Ada",
    publicMetadata: { plan: "free" },
    createdAt: new Date("2020-01-01T00:00:00Z"),
  });
  assert.equal(ada.primaryEmailAddress.emailAddress, "ada@example.com");
  assert.equal(ada.createdAt, Date.UTC(2020, 0, 1));
  assert.equal((await users.getUser(ada.id)).fullName, "Ada");
  assert.equal((await users.updateUser(ada.id, { lastName: "Lovelace" })).lastName, "Lovelace");
  const merged = await users.updateUserMetadata(ada.id, { publicMetadata: { seats: 2 } });
  assert.deepEqual(merged.publicMetadata, { plan: "free", seats: 2 });
  const found = await users.getUserList({ emailAddress: ["ada@example.com"], limit: 1 });
  assert.deepEqual([found.totalCount, found.data[0].id], [1, ada.id]);
  assert.deepEqual(await users.verifyPassword({ userId: ada.id, password: "correct horse battery" }), { verified: true });
  assert.equal(await refusal(users.verifyPassword({ userId: ada.id, password: "a guess" })), "incorrect_password");
  assert.equal((await users.banUser(ada.id)).banned, true);
  assert.equal((await users.unbanUser(ada.id)).banned, false);
  assert.equal((await users.lockUser(ada.id)).locked, true);
  assert.equal((await users.unlockUser(ada.id)).locked, false);
  const memberships = await users.getOrganizationMembershipList({ userId: alice.id });
  assert.deepEqual([memberships.totalCount, memberships.data[0].role], [2, "org:admin"]);
  assert.equal((await users.getUserOauthAccessToken(alice.id, "google")).totalCount, 0);
  const address = await clerk.emailAddresses.createEmailAddress({
    userId: ada.id,
    emailAddress: "ada@work.example",
    verified: true,
  });
  assert.equal(address.verification.status, "verified");
  assert.equal((await clerk.emailAddresses.deleteEmailAddress(address.id)).deleted, true);
  await users.deleteUser(ada.id);
  assert.equal(await refusal(users.getUser(ada.id)), "resource_not_found");
  assert.equal(await refusal(users.createUser({ username: "alice" })), "form_identifier_exists");
});

test("organizations", { skip }, async (t) => {
  const { clerk, alice, bob } = await start(t);
  const { organizations } = clerk;
  const engines = await organizations.createOrganization({ name: "Engines", createdBy: alice.id });
  const organizationId = engines.id;
  assert.equal((await organizations.getOrganization({ slug: "engines" })).id, organizationId);
  const list = await organizations.getOrganizationList({ includeMembersCount: true, orderBy: "name" });
  assert.deepEqual(list.data.map((one) => one.membersCount), [2, 1, 1]);
  await organizations.updateOrganization(organizationId, { name: "Analytical Engines" });
  const merged = await organizations.updateOrganizationMetadata(organizationId, { privateMetadata: { tier: 2 } });
  assert.deepEqual([merged.name, merged.privateMetadata], ["Analytical Engines", { tier: 2 }]);
  await organizations.createOrganizationMembership({ organizationId, userId: bob.id, role: "org:member" });
  await organizations.updateOrganizationMembership({ organizationId, userId: bob.id, role: "org:admin" });
  const members = await organizations.getOrganizationMembershipList({ organizationId, orderBy: "+created_at" });
  assert.deepEqual(members.data.map((one) => one.publicUserData.userId), [alice.id, bob.id]);
  await organizations.deleteOrganizationMembership({ organizationId, userId: bob.id });
  const invitation = await organizations.createOrganizationInvitation({
    organizationId,
    emailAddress: "grace@example.com",
    role: "org:member",
    inviterUserId: alice.id,
  });
  const revoked = await organizations.revokeOrganizationInvitation({ organizationId, invitationId: invitation.id });
  assert.equal(revoked.status, "revoked");
  const pending = await organizations.getOrganizationInvitationList({ organizationId, status: ["pending"] });
  assert.equal(pending.totalCount, 0);
  await organizations.deleteOrganization(organizationId);
});

test("roles", { skip }, async (t) => {
  const { clerk, environment, bob } = await start(t);
  const permission = await clerk.organizationPermissions.createOrganizationPermission({
    name: "Read reports",
    key: "org:reports:read",
    description: "All of them",
  });
  const role = await clerk.organizationRoles.createOrganizationRole({ name: "Auditor", key: "org:auditor" });
  const assigned = await clerk.organizationRoles.assignPermissionToOrganizationRole({
    organizationRoleId: role.id,
    permissionId: permission.id,
  });
  assert.deepEqual(assigned.permissions.map((one) => one.key), ["org:reports:read"]);
  assert.equal((await clerk.organizationRoles.getOrganizationRoleList()).totalCount, 3);
  const acme = await clerk.organizations.getOrganization({ slug: "acme" });
  await clerk.organizations.updateOrganizationMembership({
    organizationId: acme.id,
    userId: bob.id,
    role: "org:auditor",
  });
  const session = await clerk.sessions.createSession({ userId: bob.id });
  const { jwt } = await clerk.sessions.getToken(session.id);
  const keys = { secretKey: environment.CLERK_SECRET_KEY, apiUrl: environment.CLERK_API_URL };
  const claims = await sdk.verifyToken(jwt, keys);
  assert.deepEqual([claims.o.rol, claims.fea.split(",").sort()], ["auditor", ["o:invoices", "o:reports"]]);
  assert.equal((await clerk.roleSets.getRoleSetList()).totalCount, 1);
});

test("sessions and tokens", { skip }, async (t) => {
  const { clerk, environment, alice } = await start(t);
  const { sessions } = clerk;
  const session = await sessions.createSession({ userId: alice.id });
  assert.equal((await sessions.getSession(session.id)).status, "active");
  assert.equal((await sessions.getSessionList({ userId: alice.id, status: "active" })).totalCount, 1);
  const { jwt } = await sessions.getToken(session.id);
  const keys = { secretKey: environment.CLERK_SECRET_KEY, apiUrl: environment.CLERK_API_URL };
  assert.equal((await sdk.verifyToken(jwt, keys)).sub, alice.id);
  const template = await clerk.jwtTemplates.create({ name: "db", claims: { email: "{{user.primary_email_address}}" } });
  const made = await sessions.getToken(session.id, "db");
  const claims = JSON.parse(Buffer.from(made.jwt.split(".")[1], "base64url"));
  assert.deepEqual([claims.email, claims.sub], ["alice@example.com", alice.id]);
  assert.equal((await clerk.jwtTemplates.list()).data[0].id, template.id);
  assert.equal((await sessions.revokeSession(session.id)).status, "revoked");
  assert.equal((await clerk.clients.getClientList()).totalCount, 1);

  const link = await clerk.signInTokens.createSignInToken({ userId: alice.id, expiresInSeconds: 60 });
  assert.ok(link.url.endsWith(link.token));
  assert.equal((await clerk.signInTokens.revokeSignInToken(link.id)).status, "revoked");
  const actor = await clerk.actorTokens.create({
    userId: alice.id,
    expiresInSeconds: 600,
    actor: { sub: "user_support" },
  });
  assert.equal((await clerk.actorTokens.revoke(actor.id)).status, "revoked");
  assert.ok((await clerk.testingTokens.createTestingToken()).token);
});

test("invitations, lists and the instance", { skip }, async (t) => {
  const { clerk } = await start(t);
  const invitation = await clerk.invitations.createInvitation({ emailAddress: "grace@example.com" });
  await clerk.invitations.createInvitationBulk([{ emailAddress: "mary@example.com" }]);
  assert.equal((await clerk.invitations.getInvitationList({ status: "pending" })).totalCount, 2);
  assert.equal((await clerk.invitations.revokeInvitation(invitation.id)).status, "revoked");
  const allowed = await clerk.allowlistIdentifiers.createAllowlistIdentifier({
    identifier: "*@example.com",
    notify: false,
  });
  assert.equal((await clerk.allowlistIdentifiers.getAllowlistIdentifierList()).data[0].identifier, "*@example.com");
  assert.equal((await clerk.allowlistIdentifiers.deleteAllowlistIdentifier(allowed.id)).deleted, true);
  const entry = await clerk.waitlistEntries.create({ emailAddress: "joan@example.com" });
  assert.equal((await clerk.waitlistEntries.invite(entry.id)).status, "invited");
  assert.equal((await clerk.waitlistEntries.list()).totalCount, 1);
  const url = await clerk.redirectUrls.createRedirectUrl({ url: "myapp://callback" });
  assert.equal((await clerk.redirectUrls.getRedirectUrlList()).data[0].id, url.id);
  assert.equal((await clerk.instance.get()).environmentType, "development");
  assert.equal((await clerk.instance.updateRestrictions({ allowlist: true })).allowlist, true);
  const domains = await clerk.domains.list();
  assert.deepEqual(domains.data.map((one) => one.isSatellite), [false]);
});

test("machines", { skip }, async (t) => {
  const { clerk, alice } = await start(t);
  const key = await clerk.apiKeys.create({ name: "ci", subject: alice.id, scopes: ["read"] });
  assert.equal((await clerk.apiKeys.verify(key.secret)).subject, alice.id);
  assert.equal((await clerk.apiKeys.list({ subject: alice.id })).totalCount, 1);
  assert.deepEqual(await clerk.apiKeys.getSecret(key.id), { secret: key.secret });
  assert.equal((await clerk.apiKeys.revoke({ apiKeyId: key.id, revocationReason: "lost" })).revoked, true);
  const machine = await clerk.machines.create({ name: "importer" });
  const token = await clerk.m2m.createToken({ machineSecretKey: machine.secretKey, claims: { job: 7 } });
  assert.deepEqual((await clerk.m2m.verify({ token: token.token })).claims, { job: 7 });
  assert.equal((await clerk.m2m.list({ subject: machine.id })).totalCount, 1);
  assert.equal((await clerk.m2m.revokeToken({ m2mTokenId: token.id })).revoked, true);
  const { secret } = await clerk.machines.rotateSecretKey({ machineId: machine.id, previousTokenTtl: 0 });
  assert.equal(await refusal(clerk.m2m.createToken({ machineSecretKey: machine.secretKey })), "clerk_key_invalid");
  assert.ok((await clerk.m2m.createToken({ machineSecretKey: secret })).token);
  const application = await clerk.oauthApplications.create({ name: "Editor", redirectUris: ["http://localhost/cb"] });
  assert.ok(application.clientSecret);
  assert.equal((await clerk.oauthApplications.list()).totalCount, 1);
  await clerk.oauthApplications.delete(application.id);
});
