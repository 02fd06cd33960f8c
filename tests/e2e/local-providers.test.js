// Signing in with a provider: OAuth, and enterprise SSO by OpenID Connect.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as fullstack from "./fullstack.js";

const { seen, skip } = fullstack;

test("OAuth with the component creates a user, and then signs in the same user; the server's next page sees it", { skip }, async (t) => {
  const app = await fullstack.start(t);
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
});

test("a refusal at the provider is reported once, and signs in no user", { skip }, async (t) => {
  const app = await fullstack.start(t);
  const deny = async (begin) => {
    await begin();
    await app.page.waitForURL(/\/idp\/google\/authorize/);
    await app.page.click("button:has-text('Deny')");
    await app.page.waitForSelector("text=You did not grant access to your account");
    assert.equal(await seen(app), 401);
  };
  const withComponent = () => app.page.click("button.cl-socialButtonsBlockButton__google");
  await app.open("/sign-in");
  await deny(withComponent);
  // The component has started a new sign-in, so that a reload shows no old error.
  await app.page.waitForFunction(() => !window.Clerk.client.signIn.firstFactorVerification.error);
  await app.page.reload();
  await app.page.waitForSelector("button.cl-socialButtonsBlockButton__google");
  assert.equal(await app.page.locator("text=You did not grant access").count(), 0);
  await app.open("/sign-up");
  await deny(withComponent);
  await app.open("/sign-in");
  await deny(() =>
    app.run(() =>
      window.Clerk.client.signIn.authenticateWithRedirect({
        strategy: "oauth_google",
        redirectUrl: "/sso-callback",
        redirectUrlComplete: "/",
      }),
    ),
  );
});

test("enterprise SSO with the component: the company's provider can sign in users of its own domain only", { skip }, async (t) => {
  const app = await fullstack.start(t);
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
