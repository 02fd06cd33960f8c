// What the groups share: two instances, the time, tokens, and requests of browsers and of programs.
import { keys, sign } from '../recorder/tokens.mjs';

/** 2026-06-01T08:00:00Z, the time of a vector that names no other. */
export const NOW_MS = Date.UTC(2026, 5, 1, 8);
export const NOW = NOW_MS / 1000;

/** The categories with which Clerk marks session tokens and machines' tokens. */
export const CATEGORY = {
  session: 'cl_B7d4PD111AAA',
  m2m: 'cl_B7d4PD333AAA',
  ignore: 'cl_I7d4PD111III',
  template: 'cl_B7d4PD222AAA',
};

const publishableKey = (prefix, host) => prefix + Buffer.from(`${host}$`).toString('base64').replace(/=+$/, '');

const instance = (name, prefix, host, url) => ({
  name,
  url,
  origin: new URL(url).origin,
  issuer: `https://${host}`,
  options: { publishableKey: publishableKey(`pk_${prefix}_`, host), secretKey: `sk_${prefix}_parity` },
});

export const PROD = instance('prod', 'live', 'clerk.example.org', 'https://shop.example.org/orders');
export const DEV = instance('dev', 'test', 'quiet-heron-7.clerk.accounts.dev', 'http://localhost:4000/orders');
export const INSTANCES = [PROD, DEV];

/** The suffix of the cookies of an instance. */
export { suffixOf } from '../recorder/suffix.mjs';

/** The claims of a good session token, with changes; `undefined` removes a claim. */
export function claims(changes = {}, at = PROD) {
  return {
    azp: at.origin,
    exp: NOW + 50,
    iat: NOW - 10,
    iss: at.issuer,
    nbf: NOW - 20,
    sid: 'sess_parity',
    sub: 'user_parity',
    ...changes,
  };
}

export const HEADER = { alg: 'RS256', cat: CATEGORY.session, kid: keys.current.kid, typ: 'JWT' };

/** A session token; the third argument changes the header and chooses the key. */
export function session(changes, at, { header, ...signing } = {}) {
  return sign({ ...HEADER, ...header }, claims(changes, at), signing);
}

/** A token that a machine sends for another machine. */
export function m2mJwt(changes, { header, ...signing } = {}) {
  const own = {
    exp: NOW + 300,
    iat: NOW - 10,
    iss: PROD.issuer,
    jti: 'mt_parity',
    nbf: NOW - 20,
    scopes: 'mch_stock mch_mail',
    sub: 'mch_caller',
  };
  return sign(
    { alg: 'RS256', cat: CATEGORY.m2m, kid: keys.current.kid, typ: 'JWT', ...header },
    { ...own, ...changes },
    signing,
  );
}

/** An OAuth access token. */
export function oauthJwt(changes, { header, ...signing } = {}) {
  const own = {
    client_id: 'client_parity',
    exp: NOW + 300,
    iat: NOW - 10,
    iss: PROD.issuer,
    jti: 'oat_parity',
    nbf: NOW - 20,
    scope: 'profile offline_access',
    sub: 'user_parity',
  };
  return sign({ alg: 'RS256', kid: keys.current.kid, typ: 'at+jwt', ...header }, { ...own, ...changes }, signing);
}

/** The tokens that most groups try: name -> claims that differ from a good one's. */
export const AGES = {
  fresh: {},
  expired: { exp: NOW - 60 },
  early: { nbf: NOW + 60 },
  iatFuture: { iat: NOW + 60 },
};

/** Cookies as a header's value; one that is `undefined` is not there. */
export function cookies(values) {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => `${name}=${value}`).join('; ');
}

const cookieHeader = values => (cookies(values) === '' ? [] : [['cookie', cookies(values)]]);

/** A vector of `authenticateRequest`. */
export function vector(id, at, headers, { url, method = 'GET', options, bapi = {}, ...rest } = {}) {
  return {
    id,
    now_ms: NOW_MS,
    ...rest,
    request: { method, url: url ?? at.url, headers },
    options: { ...at.options, ...options },
    bapi,
  };
}

/** A browser opens a page. */
export function page(id, at, values = {}, { headers = [], ...more } = {}) {
  return vector(id, at, [['sec-fetch-dest', 'document'], ...headers, ...cookieHeader(values)], more);
}

/** A script in a page sends a request. */
export function fetched(id, at, values = {}, { headers = [], ...more } = {}) {
  return vector(id, at, [['sec-fetch-dest', 'empty'], ...headers, ...cookieHeader(values)], more);
}

/** A program sends a token in the header. */
export function bearer(id, at, token, { headers = [], ...more } = {}) {
  return vector(id, at, [['authorization', `Bearer ${token}`], ...headers], more);
}

/** A good session's cookies. */
export const signedIn = (at, changes) => ({
  __session: session(changes, at),
  __client_uat: NOW - 30,
  ...(at === DEV && { __clerk_db_jwt: 'dvb_parity' }),
});
