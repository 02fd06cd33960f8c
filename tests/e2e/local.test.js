// Clerk's own clerk-js and components against clerk-local, judged by what the Rust backend sees.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as apps from "./app.js";
import * as browsers from "./browser.js";
import * as fullstack from "./fullstack.js";

const { CODE, PASSWORD } = fullstack;
const skip = fullstack.missing() ?? browsers.missing() ?? (apps.FAKETIME ? false : "libfaketime is missing");
if (skip && process.env.CI === "true") throw new Error(skip);

let browser;
before(async () => {
  if (!skip) browser = await browsers.launch();
});
after(() => browser?.close());

const ADA = "ada+clerk_test@example.com";
const BEA = "bea+clerk_test@example.com";

/** The backend's view, without what differs from run to run. */
async function seen(app) {
  const { status, body } = await app.me();
  return status === 200 ? { user: body.user, ages: body.factor_ages, role: body.role, slug: body.slug } : status;
}

test("sign up with the component: password and e-mail code", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.open("/sign-up");
  assert.equal(await seen(app), 401);
  await app.page.fill("input[name=emailAddress]", ADA);
  await app.page.fill("input[name=password]", PASSWORD);
  await app.page.click("button.cl-formButtonPrimary");
  await app.page.waitForURL(/verify-email-address/);
  await app.enterCode("000000");
  await app.page.waitForSelector("text=Incorrect code");
  for (let digit = 0; digit < 6; digit += 1) await app.page.keyboard.press("Backspace");
  await app.enterCode(CODE);
  await app.home();
  const user = await app.run(() => window.Clerk.user.id);
  assert.deepEqual(await seen(app), { user, ages: [0, null], role: null, slug: null });
});

test("sign in with the component: a wrong password, then the right one; and out with the user button", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.signUp(ADA, { firstName: "Ada", lastName: "Lovelace" });
  const { user } = await seen(app);
  await app.signOut();
  assert.equal(await seen(app), 401);
  await app.identify("nobody@example.com");
  await app.page.waitForSelector("text=Couldn't find your account");
  await app.identify(ADA);
  await app.enterPassword("wrong password");
  await app.page.waitForSelector("text=Password is incorrect");
  await app.enterPassword(PASSWORD);
  await app.home();
  assert.equal((await seen(app)).user, user);
  await app.page.click(".cl-userButtonTrigger");
  await Promise.all([app.page.waitForEvent("load"), app.page.click("text=/Sign out/")]);
  await app.ready();
  assert.equal(await seen(app), 401);
});

test("sign in with the component: a code by e-mail", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.signUp(ADA);
  const { user } = await seen(app);
  await app.signOut();
  await app.identify(ADA);
  await app.page.click("text=Use another method");
  await app.page.click("text=/Email code to/");
  await app.enterCode(CODE);
  await app.home();
  assert.equal((await seen(app)).user, user);
});

test("sign in with a link by e-mail, which signs nobody else's browser in", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.signUp(ADA);
  const { user } = await seen(app);
  await app.signOut();
  const flow = app.run(async (identifier) => {
    const signIn = await window.Clerk.client.signIn.create({ identifier });
    const { emailAddressId } = signIn.supportedFirstFactors.find(({ strategy }) => strategy === "email_link");
    const { startEmailLinkFlow } = signIn.createEmailLinkFlow();
    const done = await startEmailLinkFlow({ emailAddressId, redirectUrl: `${location.origin}/verify` });
    await window.Clerk.setActive({ session: done.createdSessionId });
    return done.status;
  }, ADA);
  await app.page.waitForResponse((response) => /sign_ins\/sia_\w+\?/.test(response.url()));
  const link = await app.lastLink();
  const other = await fullstack.openWindow(t, browser, app);
  await other.page.goto(link);
  await other.ready();
  assert.equal(await seen(other), 401);
  assert.equal(await flow, "complete");
  await app.open("/");
  assert.equal((await seen(app)).user, user);
  const again = await other.page.goto(link);
  assert.equal(again.status(), 400, "it is good once");
});

test("sign up and in with a code by text message", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.open("/");
  const user = await app.run(
    async ([phoneNumber, password, code]) => {
      const begun = await window.Clerk.client.signUp.create({ phoneNumber, password });
      await begun.preparePhoneNumberVerification();
      const done = await begun.attemptPhoneNumberVerification({ code });
      await window.Clerk.setActive({ session: done.createdSessionId });
      return done.createdUserId;
    },
    ["+15555550123", PASSWORD, CODE],
  );
  await app.open("/");
  assert.equal((await seen(app)).user, user);
  await app.signOut();
  await app.run(
    async ([identifier, code]) => {
      const signIn = await window.Clerk.client.signIn.create({ identifier });
      const { phoneNumberId } = signIn.supportedFirstFactors.find(({ strategy }) => strategy === "phone_code");
      await signIn.prepareFirstFactor({ strategy: "phone_code", phoneNumberId });
      const done = await signIn.attemptFirstFactor({ strategy: "phone_code", code });
      await window.Clerk.setActive({ session: done.createdSessionId });
    },
    ["+1 (555) 555-0123", CODE],
  );
  await app.open("/");
  assert.equal((await seen(app)).user, user);
});

test("OAuth with the component makes a user, and then finds them; a page of the server knows at once", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.open("/sign-in");
  await app.page.click("button.cl-socialButtonsBlockButton__google");
  await app.page.waitForURL(/\/idp\/google\/authorize/);
  await app.page.click("button:has-text('Ada Lovelace')");
  await app.home();
  const { user } = await seen(app);
  assert.match(user, /^user_/);
  await app.signOut();
  await app.run(() =>
    window.Clerk.client.signIn.authenticateWithRedirect({
      strategy: "oauth_google",
      redirectUrl: "/sso-callback",
      redirectUrlComplete: "/rendered",
    }),
  );
  await app.page.waitForURL(/\/idp\/google\/authorize/);
  await app.page.click("button:has-text('Ada Lovelace')");
  await app.page.waitForURL(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), user);
  // Who says no is sent back, and is nobody.
  await app.signOut();
  await app.open("/sign-in");
  await app.page.click("button.cl-socialButtonsBlockButton__google");
  await app.page.waitForURL(/\/idp\/google\/authorize/);
  await Promise.all([app.page.waitForURL(`${app.url}/sign-in**`), app.page.click("button:has-text('Deny')")]);
  await app.open("/");
  assert.equal(await seen(app), 401);
});

test("enterprise SSO with the component: the company's provider speaks for its own domain alone", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  const visit = async (choice) => {
    await app.identify("grace@acme.test");
    await app.page.waitForURL(/\/idp\/enterprise\//);
    await app.page.click(`button:has-text('${choice}')`);
  };
  await visit("Continue");
  await app.home();
  const { user } = await seen(app);
  await app.signOut();
  await visit("Continue");
  await app.home();
  assert.equal((await seen(app)).user, user);
  await app.signOut();
  await visit("Ada Lovelace");
  await app.page.waitForURL(`${app.url}/sign-in**`);
  await app.open("/");
  assert.equal(await seen(app), 401);
});

test("an authenticator app and backup codes, set up and used with the components", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
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

test("a forgotten password is replaced with the component", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.signUp(ADA);
  const { user } = await seen(app);
  await app.signOut();
  await app.identify(ADA);
  await app.page.click("text=Forgot password?");
  await app.page.click("text=Reset your password");
  await app.enterCode(CODE);
  await app.page.waitForURL(/reset-password$|reset-password[?#]/);
  await app.page.fill("input[name=password]", "another horse battery");
  await app.page.fill("input[name=confirmPassword]", "another horse battery");
  await app.page.click("button.cl-formButtonPrimary");
  await app.home();
  assert.equal((await seen(app)).user, user);
  await app.signOut();
  await app.identify(ADA);
  await app.enterPassword(PASSWORD);
  await app.page.waitForSelector("text=Password is incorrect");
  await app.enterPassword("another horse battery");
  await app.home();
});

test("a backend that asks for a fresh factor gets one", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
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

test("two accounts in one browser", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
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

test("organizations: created and switched with the component; invited, accepted, promoted", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
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
  const other = await fullstack.openWindow(t, browser, app);
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

test("the profile: names, another address, a new password", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
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

test("a session that the instance has ended is over in the page, too", { skip }, async (t) => {
  const app = await fullstack.start(t, browser);
  await app.signUp(ADA);
  await app.run(async () => {
    const [session] = await window.Clerk.user.getSessions();
    await session.revoke();
  });
  await app.open("/");
  assert.equal(await app.run(() => window.Clerk.session ?? null), null);
  assert.equal(await seen(app), 401);
});
