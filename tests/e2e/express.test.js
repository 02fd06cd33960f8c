// Clerk's own SDK for Express as an app with clerk-local: it must see the same as our crates.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";

import * as apps from "./app.js";

const INSTANCE = process.env.CLERK_LOCAL ?? apps.built("clerk-local");
const [express, sdk] = await Promise.all([
  import("express").catch(() => undefined),
  import("@clerk/express").catch(() => undefined),
]);

function missing() {
  if (!existsSync(INSTANCE)) return `${INSTANCE} is missing: cargo build -p clerk-local --features cli`;
  if (!express || !sdk) return "@clerk/express is missing: npm ci";
}

const skip = missing() ?? false;
if (skip && process.env.CI === "true") throw new Error(skip);

/** An app whose `/me` returns the user of the request. */
async function start(t) {
  const environment = await apps.startClerk(t);
  const app = express.default();
  const options = {
    secretKey: environment.CLERK_SECRET_KEY,
    publishableKey: environment.CLERK_PUBLISHABLE_KEY,
    apiUrl: environment.CLERK_API_URL,
    proxyUrl: environment.CLERK_PROXY_URL,
    signInUrl: environment.CLERK_SIGN_IN_URL,
  };
  // Without `clerkClient`, the middleware reads only the environment variables.
  app.use(sdk.clerkMiddleware({ ...options, clerkClient: sdk.createClerkClient({ ...options, telemetry: { disabled: true } }) }));
  app.get("/me", (request, response) => {
    const { userId, orgSlug, orgRole, sessionClaims, actor } = sdk.getAuth(request);
    const ages = sessionClaims?.fva;
    response.json({ userId, orgSlug, orgRole, ages, actor, mayRead: sdk.getAuth(request).has({ permission: "org:invoices:read" }) });
  });
  const server = app.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const url = `http://localhost:${server.address().port}`;
  const token = async (request) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${environment.CLERK_PROXY_URL}/local/tokens`, { method: "POST", headers, body: JSON.stringify(request) });
    return (await response.json()).token;
  };
  const me = (headers) => fetch(`${url}/me`, { headers, redirect: "manual" });
  return { environment, url, token, me };
}

const cookiesOf = (response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);

test("tokens in the Authorization header", { skip }, async (t) => {
  const { token, me } = await start(t);
  const bearer = async (request) => (await me({ authorization: `Bearer ${await token(request)}` })).json();
  const alice = await bearer({ user: "alice" });
  assert.match(alice.userId, /^user_alice/);
  assert.deepEqual([alice.orgSlug, alice.orgRole, alice.mayRead], ["acme", "org:admin", true]);
  const globex = await bearer({ user: "alice", organization: "globex" });
  assert.deepEqual([globex.orgSlug, globex.orgRole, globex.mayRead], ["globex", "org:member", false]);
  const acted = await bearer({ user: "carol", claims: { act: { sub: "user_support" }, fva: [3, -1] } });
  assert.deepEqual([acted.orgSlug ?? null, acted.actor, acted.ages], [null, { sub: "user_support" }, [3, -1]]);
  const pending = await bearer({ user: "dave" });
  assert.equal(pending.userId ?? null, null);
  const expired = await bearer({ user: "alice", claims: { exp: 1_000_000_000, iat: 999_999_000, nbf: 999_999_000 } });
  assert.equal(expired.userId ?? null, null);
});

test("cookies, and the handshake of a browser that has lost its session cookies", { skip }, async (t) => {
  const { environment, me } = await start(t);
  const body = new URLSearchParams({ user_id: "bob" });
  const signedIn = await fetch(`${environment.CLERK_PROXY_URL}/sign-in`, { method: "POST", body, redirect: "manual" });
  const cookies = cookiesOf(signedIn);
  const seen = await (await me({ cookie: cookies.join("; ") })).json();
  assert.match(seen.userId, /^user_bob/);

  // Without the session cookies, but with those that identify the browser.
  const remaining = cookies.filter((cookie) => !/^__(session|refresh)/.test(cookie));
  const document = { cookie: remaining.join("; "), accept: "text/html", "sec-fetch-dest": "document" };
  const redirect = await me(document);
  assert.equal(redirect.status, 307);
  const handshake = new URL(redirect.headers.get("location"));
  assert.equal(handshake.origin, environment.CLERK_PROXY_URL);
  const response = await fetch(handshake, { headers: { cookie: remaining.join("; ") }, redirect: "manual" });
  assert.equal(response.status, 307);
  const back = await fetch(response.headers.get("location"), { headers: document, redirect: "manual" });
  const renewed = cookiesOf(back).filter((cookie) => cookie.startsWith("__session="));
  assert.equal(renewed.length, 1);
  const again = await (await me({ cookie: [...remaining, ...renewed].join("; ") })).json();
  assert.equal(again.userId, seen.userId);
});
