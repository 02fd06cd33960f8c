// The instance at another origin than the app: another port, another site.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";

import * as apps from "./app.js";
import * as fullstack from "./fullstack.js";
import * as tls from "./tls.js";

const { ADA, PASSWORD, seen, skip } = fullstack;
const skipTls = skip || (tls.missing() ?? false);
if (skipTls && process.env.CI === "true") throw new Error(skipTls);

/** Signs in with the component, reloads, changes the organization, signs out; then signs in with a link and a provider. */
async function signInAndOut(app) {
  await app.signUp(ADA);
  const { user } = await seen(app);
  await app.signOut();
  assert.equal(await seen(app), 401);
  await app.identify(ADA);
  await app.enterPassword(PASSWORD);
  await app.home();
  const signedIn = { user, ages: [0, null], role: null, slug: null };
  assert.deepEqual(await seen(app), signedIn);
  await app.page.reload();
  await app.ready();
  assert.deepEqual(await seen(app), signedIn, "a reload keeps the session");
  await app.run(async () => {
    const organization = await window.Clerk.createOrganization({ name: "Analytical Engines" });
    await window.Clerk.setActive({ organization });
  });
  assert.deepEqual(await seen(app), { ...signedIn, role: "org:admin", slug: "analytical-engines" });
  await app.open("/");
  await app.page.click(".cl-organizationSwitcherTrigger");
  await app.page.click("text=Personal account");
  await app.page.waitForFunction(() => !window.Clerk.organization);
  assert.deepEqual(await seen(app), signedIn);
  await app.page.goto(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), user, "a page that the server makes knows, too");
  app.advance(3600);
  await app.page.goto(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), user, "also when the token has expired");
  await app.signOut();
  assert.equal(await seen(app), 401);
  await app.page.goto(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), "signed out");
  // Sign-ins that use pages of the instance: a link in an e-mail, and a provider.
  await app.identify(ADA);
  await app.page.click("text=Use another method");
  await app.page.click("text=/Email link to/");
  await app.page.waitForSelector("text=Use the verification link sent to your email");
  await app.openLink();
  await app.home();
  assert.equal((await seen(app)).user, user);
  await app.signOut();
  await app.open("/sign-in");
  await app.page.click("button.cl-socialButtonsBlockButton__google");
  await app.page.waitForURL(/\/idp\/google\/authorize/);
  await app.page.click("button:has-text('Grace Hopper')");
  await app.home();
  const { user: grace } = await seen(app);
  assert.ok(grace !== user && /^user_/.test(grace), grace);
  await app.page.goto(`${app.url}/rendered`);
  assert.equal(await app.page.textContent("#user"), grace);
}

// On the same host, cookies are sent to the other port; another host is another site, which identifies the browser by its
// dev browser token.
for (const host of ["localhost", "127.0.0.1"]) {
  test(`another port, with CORS: the instance at ${host}`, { skip }, async (t) => {
    const instance = `http://${host}:${await apps.freePort()}`;
    const app = await fullstack.start(t, { environment: { FRONTEND_API_URL: instance } });
    const called = new Set();
    app.page.on("request", (request) => {
      if (/\/v1\//.test(request.url())) called.add(new URL(request.url()).origin);
    });
    await signInAndOut(app);
    assert.deepEqual([...called], [instance]);
    const [cookie] = (await app.context.cookies(instance)).filter(({ name }) => name === "__client");
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.secure], [true, "Lax", false]);
  });
}

const APP = "app.shop.test";

/** The status of a request with another `Host`. */
async function statusAs(host, url) {
  const [response] = await once(http.get(url, { headers: { host } }), "response");
  response.resume();
  return response.statusCode;
}

// The address in the publishable key, which is clerk-js's default, and a custom one.
for (const host of ["local.clerk.accounts.dev", "clerk.auth.test"]) {
  test(`another site, with https: the instance at ${host}`, { skip: skipTls }, async (t) => {
    const port = await apps.freePort();
    const ports = { [APP]: port };
    const { args, requests } = await tls.serve(t, [APP, host], ports);
    const browser = await fullstack.launch(args);
    const environment = { APP_URL: `https://${APP}`, FRONTEND_API_URL: `https://${host}` };
    const app = await fullstack.start(t, { environment, browser, port, url: environment.APP_URL });
    ports[host] = Number(new URL(app.instance).port);
    await signInAndOut(app);

    // Chromium sends no cookies with cross-site requests, so that the tests show that they are not needed.
    const calls = requests.filter((one) => one.host === host && one.url.startsWith("/v1/"));
    const ofPages = calls.filter(({ headers }) => headers["sec-fetch-site"] === "cross-site" && headers.origin);
    assert.ok(ofPages.length > 10, `${ofPages.length} calls`);
    assert.deepEqual(ofPages.filter(({ headers }) => headers.cookie), []);
    const withoutToken = ofPages.filter(({ url }) => !/__clerk_db_jwt=dvb_/.test(url)).map(({ url }) => url.split("?")[0]);
    assert.deepEqual(withoutToken, ["/v1/dev_browser"]);
    const handshakes = calls.filter(({ url }) => url.startsWith("/v1/client/handshake"));
    assert.ok(handshakes.length > 0 && handshakes.every(({ url }) => /__clerk_db_jwt=dvb_/.test(url)));
    // A handshake is a navigation to that host, with which the browser sends the host's cookie.
    const [cookie] = (await app.context.cookies(`https://${host}`)).filter(({ name }) => name === "__client");
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.secure], [true, "None", true]);
    // Requests with another host name are refused.
    assert.equal(await statusAs(APP, `${app.instance}/v1/environment`), 421);
  });
}
