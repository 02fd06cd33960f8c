// Runs one vector of `authenticateRequest`, and reduces what the package did to facts.
import { setNow, withEnvironment } from './package.mjs';
import { digest } from './set.mjs';

const STATE = ['proxyUrl', 'isSatellite', 'domain', 'signInUrl', 'signUpUrl', 'afterSignInUrl', 'afterSignUpUrl'];

const CLIENT = ['secretKey', 'publishableKey', 'jwtKey', 'machineSecretKey', 'apiUrl', 'apiVersion'];

/** An exception as facts: its class, its code if there is one, and a digest of its text. */
export function thrown(error) {
  const code = typeof error?.code === 'string' ? { error_code: error.code } : {};
  return { error: digest(String(error?.message ?? error)) ?? '', error_name: error?.name ?? typeof error, ...code };
}

/** The web standard's request of a vector. A `target` is resolved against the origin in `url`, as on a server. */
export function requestOf({ method, url, target, headers, body }) {
  return new Request(target === undefined ? url : new URL(target, url), { method, headers, body });
}

/** The client that an application would build with these options. */
export function clientOf(backend, options) {
  const known = Object.fromEntries(CLIENT.filter(name => name in options).map(name => [name, options[name]]));
  return backend.createClerkClient({ ...known, telemetry: { disabled: true } });
}

/** Runs a vector in a fresh copy of the package. */
export async function observeRequest(clerk, network, vector) {
  clerk.forget();
  return withEnvironment(vector.env ?? {}, async () => {
    const backend = clerk.load('@clerk/backend');
    setNow(vector.now_ms);
    network.script(vector.bapi);
    const expected = await facts(backend, vector);
    return { ...expected, outgoing: network.take() };
  });
}

async function facts(backend, { request, options, checks }) {
  let state;
  try {
    state = await clientOf(backend, options).authenticateRequest(requestOf(request), options);
  } catch (error) {
    return {
      status: null,
      reason: null,
      tokenType: null,
      isAuthenticated: null,
      token: null,
      headers: [],
      ...thrown(error),
    };
  }
  return { ...stateFacts(state, options), ...authFacts(state, checks ?? []), error: null };
}

function stateFacts(state, options) {
  const extra = Object.fromEntries(STATE.map(name => [name, state[name]]).filter(([, value]) => value));
  if (state.publishableKey && state.publishableKey !== options.publishableKey) {
    extra.publishableKey = state.publishableKey;
  }
  return {
    status: state.status,
    reason: state.reason ?? null,
    message: digest(state.message),
    tokenType: state.tokenType ?? null,
    isAuthenticated: state.isAuthenticated ?? null,
    token: state.token ?? null,
    headers: headerFacts(state.headers),
    ...(Object.keys(extra).length > 0 && { state: extra }),
  };
}

/** Headers as a sorted list, Clerk's sentences in them as digests. */
export function headerFacts(headers) {
  const list = [...headers].map(([name, value]) => [name, name === 'x-clerk-auth-message' ? digest(value) : value]);
  return list.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

/** The data members of an object, without its functions. */
export function data(object) {
  return object === undefined ? null : JSON.parse(JSON.stringify(object));
}

function authFacts(state, checks) {
  let auth, allowed;
  try {
    auth = state.toAuth();
    allowed = state.toAuth({ treatPendingAsSignedOut: false });
  } catch (error) {
    const { error: text, error_name } = thrown(error);
    return { auth: null, auth_error: text, auth_error_name: error_name };
  }
  const [strict, lenient] = [data(auth), data(allowed)];
  const differs = JSON.stringify(strict) !== JSON.stringify(lenient);
  const has = checks.map(params => {
    const [result, pending] = [auth, allowed].map(object => check(object, params));
    return { params, result, ...(pending !== result && { result_pending_allowed: pending }) };
  });
  return { auth: strict, ...(differs && { auth_pending_allowed: lenient }), ...(has.length > 0 && { has }) };
}

function check(auth, params) {
  try {
    return auth?.has?.(params) ?? false;
  } catch (error) {
    return thrown(error).error_name;
  }
}

/** Runs the steps of a vector one after another in one copy of the package. */
export async function observeSequence(clerk, network, { steps }) {
  clerk.forget();
  const backend = clerk.load('@clerk/backend');
  const observed = [];
  for (const step of steps) {
    setNow(step.now_ms);
    network.script(step.bapi);
    const { status, reason, tokenType, error, message } = await facts(backend, step);
    const outgoing = network
      .take()
      .map(({ method, url, headers }) => ({ method, url, authorization: headers.authorization }));
    observed.push({ status, reason, tokenType, message, error, outgoing });
  }
  return observed;
}
