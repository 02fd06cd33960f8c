// The example app in a real browser, followed through every redirect.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as apps from "./app.js";
import * as browsers from "./browser.js";

const skip = apps.missing() ?? browsers.missing() ?? false;
if (skip && process.env.CI === "true") throw new Error(skip);

let browser;
before(async () => {
  if (!skip) browser = await browsers.launch();
});
after(() => browser?.close());

const SIGNED_OUT = ["__clerk_db_jwt", "__clerk_db_jwt_*", "__client", "__client_uat", "__client_uat_*"];
const SIGNED_IN = [...SIGNED_OUT, "__refresh_*", "__session", "__session_*"];

/** The responses of a navigation to `path` with one handshake. */
const handshake = (path, reason) => [
  `307 app${path}`,
  `307 clerk/v1/client/handshake ${reason}`,
  `307 app${path}${path.includes("?") ? "&" : "?"}__clerk_handshake_nonce=...`,
  `200 app${path}`,
];

async function start(t) {
  const app = await apps.startApp(t);
  return { app, window: await browsers.openWindow(t, browser, app) };
}

async function signIn(window, name) {
  await window.open("/");
  await window.press("link", "Sign in");
  const home = await window.press("button", name);
  assert.match(home.text, /You are signed in/);
}

test("sign in through the sign-in page", { skip }, async (t) => {
  const { app, window } = await start(t);
  const first = await window.open("/");
  assert.deepEqual(first.responses, handshake("/", "dev-browser-missing"));
  assert.match(first.text, /You are not signed in/);
  assert.deepEqual(await window.cookies(), SIGNED_OUT);

  const users = await window.press("link", "Sign in");
  assert.deepEqual(users.responses, ["200 clerk/sign-in"]);
  const home = await window.press("button", "Alice");
  assert.deepEqual(home.responses, ["303 clerk/sign-in", "200 app/"]);
  assert.equal(home.url, `${app.url}/`);
  assert.match(home.text, /You are signed in[^]*org:admin/);
  assert.deepEqual(await window.cookies(), SIGNED_IN);
});

for (const [name, status, text] of [["Alice", 200, "Admins only"], ["Bob", 403, "This is not for you"]]) {
  test(`pages of members and admins, for ${name}`, { skip }, async (t) => {
    const { app, window } = await start(t);
    await signIn(window, name);
    const members = await window.press("link", "Members");
    assert.deepEqual(members.responses, ["200 app/members"]);
    assert.match(members.text, /Members only/);
    const admins = await window.press("link", "Admins");
    assert.deepEqual(admins.responses, [`${status} app/admin`]);
    assert.equal(admins.url, `${app.url}/admin`);
    assert.match(admins.text, new RegExp(text));
    assert.deepEqual(await window.cookies(), SIGNED_IN);
  });
}

test("an expired session is refreshed without a redirect", { skip }, async (t) => {
  const { app, window } = await start(t);
  await signIn(window, "Alice");
  const session = async () => (await window.allCookies()).find(({ name }) => name === "__session").value;
  const expired = await session();
  app.advance(120);
  const page = await window.open("/members?tab=1");
  assert.deepEqual(page.responses, ["200 app/members?tab=1"]);
  assert.equal(page.url, `${app.url}/members?tab=1`);
  assert.match(page.text, /Members only/);
  assert.deepEqual(await window.cookies(), SIGNED_IN);
  const renewed = await session();
  assert.notEqual(renewed, expired);
  await window.open("/members");
  assert.equal(await session(), renewed, "the new cookies were kept");
});

test("an expired session without a refresh cookie goes through one handshake", { skip }, async (t) => {
  const { app, window } = await start(t);
  await signIn(window, "Alice");
  app.advance(120);
  await window.deleteCookies("__refresh");
  const page = await window.open("/members?tab=1");
  const reason = "session-token-expired-refresh-non-eligible-no-refresh-cookie";
  assert.deepEqual(page.responses, handshake("/members?tab=1", reason));
  assert.equal(page.url, `${app.url}/members?tab=1`);
  assert.match(page.text, /Members only/);
  assert.deepEqual(await window.cookies(), SIGNED_IN);
});

for (const path of ["/members", "/members?tab=1&q=a%26b"]) {
  test(`a deleted session cookie is renewed on ${path}`, { skip }, async (t) => {
    const { app, window } = await start(t);
    await signIn(window, "Alice");
    await window.deleteCookies("__session");
    const page = await window.open(path);
    assert.deepEqual(page.responses, handshake(path, "client-uat-but-no-session-token"));
    assert.equal(page.url, app.url + path, "no parameter stays in the URL");
    assert.match(page.text, /Members only/);
    assert.deepEqual(await window.cookies(), SIGNED_IN);
  });
}

test("without cookies no user is signed in", { skip }, async (t) => {
  const { app, window } = await start(t);
  await signIn(window, "Alice");
  await window.deleteCookies("");
  const home = await window.open("/");
  assert.deepEqual(home.responses, handshake("/", "dev-browser-missing"));
  assert.equal(home.url, `${app.url}/`);
  assert.match(home.text, /You are not signed in/);
  assert.deepEqual(await window.cookies(), SIGNED_OUT);

  const users = await window.press("link", "Members");
  assert.deepEqual(users.responses, ["307 app/members", "200 clerk/sign-in"]);
  assert.equal(new URL(users.url).searchParams.get("redirect_url"), `${app.url}/members`);
  assert.match(users.text, /Sign in as/);
});

test("keys of two instances lead to an error page", { skip }, async (t) => {
  const [own, other] = await Promise.all([apps.startClerk(t), apps.startClerk(t)]);
  // All local instances have the same publishable key; they differ in their URLs and secret keys.
  const { CLERK_SECRET_KEY, CLERK_API_URL } = other;
  const app = await apps.startApp(t, { ...own, CLERK_SECRET_KEY, CLERK_API_URL });
  const window = await browsers.openWindow(t, browser, app);
  const page = await window.open("/members");
  const [request, toClerk, back] = handshake("/members", "dev-browser-missing");
  const marked = (text) => text.replace(/__clerk_redirected=[^&]+/, "__clerk_redirected=...");
  // The instance of the secret key does not know the nonce, so each return is sent off again, three times in all.
  const stopped = "500 app/members?__clerk_redirected=...&__clerk_handshake_nonce=...";
  assert.deepEqual(page.responses.map(marked), [request, toClerk, back, toClerk, back, toClerk, stopped]);
  assert.ok(page.url.startsWith(`${app.url}/members?`));
  assert.match(page.text, /CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to different instances/);
  assert.deepEqual(await window.cookies(), ["__client"]);
});

test("sign out", { skip }, async (t) => {
  const { app, window } = await start(t);
  await signIn(window, "Alice");
  const kept = await window.allCookies();
  const confirmation = await window.press("link", "Sign out");
  assert.deepEqual(confirmation.responses, ["200 clerk/sign-out"]);
  const home = await window.press("button", "Sign out");
  assert.deepEqual(home.responses, ["303 clerk/sign-out", "200 app/"]);
  assert.equal(home.url, `${app.url}/`);
  assert.match(home.text, /You are not signed in/);
  assert.deepEqual(await window.cookies(), SIGNED_OUT);

  // Kept cookies are useless once the token expires: neither refresh nor handshake finds a session.
  await window.restore(kept);
  app.advance(120);
  const again = await window.open("/");
  assert.deepEqual(again.responses, handshake("/", "session-token-expired-refresh-resource_not_found"));
  assert.match(again.text, /You are not signed in/);
  assert.deepEqual(await window.cookies(), SIGNED_OUT);
});
