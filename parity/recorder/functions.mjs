// Runs one vector of a function that the package exports, and reduces its result to facts.
import { setNow, withEnvironment } from './package.mjs';
import { data, headerFacts, requestOf, thrown } from './observe.mjs';
import { digest } from './set.mjs';

/** Vectors that this version of the package has no function for are left out. */
export const MISSING = Symbol('missing');

/** The helper functions: name of the function in a vector -> module that has it, and the call. */
const HELPERS = {
  isPublishableKey: ['@clerk/shared/keys', keys => keys.isPublishableKey],
  parsePublishableKey: ['@clerk/shared/keys', keys => keys.parsePublishableKey],
  buildPublishableKey: ['@clerk/shared/keys', keys => keys.buildPublishableKey],
  publishableKeyFromHost: ['@clerk/shared/keys', keys => keys.publishableKeyFromHost],
  getCookieSuffix: ['@clerk/shared/keys', keys => keys.getCookieSuffix],
  getSuffixedCookieName: ['@clerk/shared/keys', keys => keys.getSuffixedCookieName],
  instanceTypeOf: [
    '@clerk/shared/keys',
    keys => both(keys, 'isDevelopmentFromPublishableKey', 'isProductionFromPublishableKey'),
  ],
  secretKeyType: ['@clerk/shared/keys', keys => both(keys, 'isDevelopmentFromSecretKey', 'isProductionFromSecretKey')],
  buildAccountsBaseUrl: ['@clerk/shared/buildAccountsBaseUrl', accounts => accounts.buildAccountsBaseUrl],
  reverificationError: ['@clerk/shared/authorization-errors', errors => level => errors.reverificationError(level)],
  reverificationErrorResponse: [
    '@clerk/shared/authorization-errors',
    errors => level => response(errors.reverificationErrorResponse(level)),
  ],
  cookies: ['@clerk/backend/internal', internal => text => cookies(internal, text)],
  clerkUrl: ['@clerk/backend/internal', internal => request => clerkUrl(internal, request)],
  isMachineToken: ['@clerk/backend/internal', internal => both(internal, 'isMachineTokenByPrefix', 'isMachineToken')],
  isTokenTypeAccepted: ['@clerk/backend/internal', internal => internal.isTokenTypeAccepted],
  getAuthObjectForAcceptedToken: [
    '@clerk/backend/internal',
    internal => (auth, accepts) => narrowed(internal, auth, accepts),
  ],
  constants: ['@clerk/backend/internal', internal => () => internal.constants],
  createRedirect: [
    '@clerk/backend/internal',
    internal => (options, name, params) => redirect(internal, options, name, params),
  ],
};

/** Runs a helper function; most are pure, so they share one copy of the package. */
export async function observeHelper(clerk, _network, { fn, args }) {
  const [name, find] = HELPERS[fn];
  const library = clerk.load(name);
  const call = library && find(library);
  if (!call) return MISSING;
  try {
    return { value: data((await call(...args)) ?? null), error: null };
  } catch (error) {
    return { value: null, ...thrown(error) };
  }
}

/** Two functions as one, whose result has both results. */
function both(library, ...names) {
  if (names.some(name => !library[name])) return undefined;
  return argument => Object.fromEntries(names.map(name => [name, library[name](argument)]));
}

async function response(answer) {
  return { status: answer.status, headers: headerFacts(answer.headers), body: await answer.json() };
}

function cookies(internal, text) {
  const request = internal.createClerkRequest(new Request('https://shop.example.org/', { headers: { cookie: text } }));
  return Object.fromEntries(request.cookies);
}

function clerkUrl(internal, { url, headers }) {
  return internal.createClerkRequest(new Request(url, { headers })).clerkUrl.toString();
}

function narrowed(internal, auth, acceptsToken) {
  return internal.getAuthObjectForAcceptedToken({ authObject: auth, acceptsToken: acceptsToken ?? undefined });
}

function redirect(internal, options, name, params) {
  return internal.createRedirect({ ...options, redirectAdapter: url => String(url) })[name](params);
}

/** Runs `verifyToken` or `decodeJwt` in a fresh copy of the package. */
export async function observeJwt(clerk, network, { fn, token, options, bapi, now_ms }) {
  clerk.forget();
  return withEnvironment({}, async () => {
    const [library, name] =
      fn === 'decodeJwt' ? ['@clerk/backend/jwt', 'decodeJwt'] : ['@clerk/backend', 'verifyToken'];
    const call = clerk.load(library)?.[name];
    setNow(now_ms);
    network.script(bapi);
    let result;
    try {
      const value = await call(token, options);
      result = { value: fn === 'decodeJwt' ? decoded(value) : data(value), error: null };
    } catch (error) {
      const reason = error?.reason ?? null;
      result = { value: null, ...thrown(error), ...(fn === 'verifyToken' && { reason }) };
    }
    return { ...result, outgoing: network.take().map(({ method, url }) => ({ method, url })) };
  });
}

function decoded({ header, payload, signature }) {
  return { header, payload, signature_hex: Buffer.from(signature).subarray(0, 16).toString('hex') };
}

/** Runs `verifyWebhook`. */
export async function observeWebhook(clerk, _network, { request, options, env, now_ms }) {
  return withEnvironment(env ?? {}, async () => {
    const webhooks = clerk.load('@clerk/backend/webhooks');
    if (!webhooks) return MISSING;
    setNow(now_ms);
    try {
      return { value: data(await webhooks.verifyWebhook(requestOf(request), options)), error: null };
    } catch (error) {
      return { value: null, ...thrown(error) };
    }
  });
}

/** Runs the Frontend API proxy. */
export async function observeProxy(clerk, network, { request, options, fapi, now_ms }) {
  return withEnvironment({}, async () => {
    const proxy = clerk.load('@clerk/backend/proxy')?.clerkFrontendApiProxy;
    if (!proxy) return MISSING;
    setNow(now_ms);
    network.script({ frontend_api: fapi });
    const answer = await proxy(requestOf(request), options);
    const text = await answer.text();
    const own = /"code":"(proxy_[a-z_]+)","message":"(.*)"/.exec(text);
    const body = own ? { code: own[1], message: digest(own[2]) } : { body: text };
    return { status: answer.status, headers: headerFacts(answer.headers), ...body, outgoing: network.take() };
  });
}
