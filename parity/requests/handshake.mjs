// A browser comes back from a handshake, with a token or with a nonce for one, in the address or in a cookie.
import { keys, sign, signParts } from '../recorder/tokens.mjs';
import { canned } from './answers.mjs';
import { CATEGORY, DEV, HEADER, INSTANCES, NOW, PROD, fetched, page, session, signedIn, suffixOf } from './base.mjs';

const DAY = 86_400;
const sessionCookie = token => `__session=${token}; Path=/; SameSite=Lax; Secure`;
const uat = value => `__client_uat=${value}; Path=/; Max-Age=31536000`;

/** What a handshake says: name -> cookies that it sets. */
const RESULTS = {
  'signed-in': at => [uat(NOW - 30), sessionCookie(session({}, at))],
  organization: at => [
    uat(NOW - 30),
    sessionCookie(
      session({ v: 2, o: { id: 'org_parity', rol: 'editor', slg: 'acme', per: 'read', fpm: '1' }, fea: 'o:posts' }, at),
    ),
  ],
  pending: at => [sessionCookie(session({ sts: 'pending' }, at))],
  expired: at => [sessionCookie(session({ exp: NOW - 60 }, at))],
  'expired-a-day': at => [sessionCookie(session({ exp: NOW - DAY, iat: NOW - DAY - 60 }, at))],
  'expired-two-days': at => [sessionCookie(session({ exp: NOW - 2 * DAY, iat: NOW - 2 * DAY - 60 }, at))],
  early: at => [sessionCookie(session({ nbf: NOW + 60 }, at))],
  'early-two-days': at => [sessionCookie(session({ nbf: NOW + 2 * DAY }, at))],
  'future-iat': at => [sessionCookie(session({ iat: NOW + 60 }, at))],
  foreign: at => [sessionCookie(session({}, at, { key: 'foreign' }))],
  'foreign-kid': at => [sessionCookie(session({}, at, { key: 'foreign', header: { kid: keys.foreign.kid } }))],
  garbage: () => [sessionCookie('garbage')],
  'no-sub': at => [sessionCookie(session({ sub: undefined }, at))],
  template: at => [sessionCookie(session({}, at, { header: { cat: CATEGORY.template } }))],
  'm2m-category': at => [sessionCookie(session({}, at, { header: { cat: CATEGORY.m2m } }))],
  'signed-out': () => [uat(0), '__session=; Path=/; Max-Age=0'],
  'no-session': () => [uat(0)],
  empty: () => [],
  'suffixed-only': at => [`__session_${suffixOf(at.options.publishableKey)}=${session({}, at)}; Path=/`],
  'two-sessions': at => [
    sessionCookie(session({ sub: 'user_first' }, at)),
    sessionCookie(session({ sub: 'user_last' }, at)),
  ],
  'last-is-empty': at => [sessionCookie(session({}, at)), '__session=; Path=/; Max-Age=0'],
  'no-attributes': at => [`__session=${session({}, at)}`],
  'no-equals': at => ['broken', sessionCookie(session({}, at))],
  'leading-space': at => [` __session=${session({}, at)}; Path=/`],
  'dev-browser': at => ['__clerk_db_jwt=dvb_new; Path=/', sessionCookie(session({}, at))],
};

const handshakeToken = (handshake, { header, claims, ...signing } = {}) =>
  sign({ ...HEADER, ...header }, { handshake, ...claims }, signing);

/** Handshake tokens that are damaged or unusual, around a good result. */
const TOKENS = {
  expired: { claims: { exp: NOW - 3600, iat: NOW - 7200 } },
  'expired-a-year': { claims: { exp: NOW - 365 * DAY } },
  dated: { claims: { exp: NOW + 60, iat: NOW - 5, nbf: NOW - 15 } },
  early: { claims: { nbf: NOW + 3600 } },
  'other-issuer': { claims: { iss: 'https://clerk.example.net' } },
  foreign: { key: 'foreign' },
  'foreign-kid': { key: 'foreign', header: { kid: keys.foreign.kid } },
  rotated: { key: 'rotated', header: { kid: keys.rotated.kid } },
  'kid-missing': { header: { kid: undefined } },
  'category-missing': { header: { cat: undefined } },
  'category-ignore': { header: { cat: CATEGORY.ignore } },
  'category-m2m': { header: { cat: CATEGORY.m2m } },
  'category-template': { header: { cat: CATEGORY.template } },
  'typ-missing': { header: { typ: undefined } },
  'typ-other': { header: { typ: 'foo' } },
  'alg-none': { header: { alg: 'none' }, algorithm: 'none' },
  'alg-HS256': { header: { alg: 'HS256' }, algorithm: 'HS256' },
  'alg-RS384': { header: { alg: 'RS384' }, algorithm: 'RS384' },
};

const headerText = JSON.stringify(HEADER);
const RAW = {
  garbage: 'garbage',
  'two-parts': 'a.b',
  'bad-base64': `${handshakeToken([]).slice(0, -4)}****`,
  'header-null': signParts('null', '{"handshake":[]}'),
  'payload-null': signParts(headerText, 'null'),
  'no-claim': handshakeToken(undefined, { claims: { sub: 'x' } }),
  'claim-null': handshakeToken(null),
  'claim-text': handshakeToken('__session=x'),
  'claim-object': handshakeToken({}),
  'claim-number': handshakeToken(5),
  'claim-of-numbers': handshakeToken([5]),
  'session-token': session(),
};

const directives = list => ({ status: 200, body: { directives: list } });

/** The four ways in which a result reaches the application. */
const WAYS = {
  'token-in-address': (id, at, cookies, values, more) =>
    page(id, at, values, { url: `${at.url}?x=1&__clerk_handshake=${handshakeToken(cookies)}`, ...more }),
  'token-in-cookie': (id, at, cookies, values, more) =>
    page(id, at, { ...values, __clerk_handshake: handshakeToken(cookies) }, more),
  'nonce-in-address': (id, at, cookies, values, more) =>
    page(id, at, values, {
      url: `${at.url}?x=1&__clerk_handshake_nonce=nonce_parity`,
      bapi: { handshake_payload: directives(cookies) },
      ...more,
    }),
  'nonce-in-cookie': (id, at, cookies, values, more) =>
    page(
      id,
      at,
      { ...values, __clerk_handshake_nonce: 'nonce_parity' },
      { bapi: { handshake_payload: directives(cookies) }, ...more },
    ),
};

export default function* vectors() {
  for (const at of INSTANCES) {
    const browser =
      at === DEV ? { __clerk_db_jwt: 'dvb_parity', __clerk_redirect_count: 1 } : { __clerk_redirect_count: 1 };
    for (const [way, make] of Object.entries(WAYS)) {
      for (const [name, result] of Object.entries(RESULTS)) {
        yield make(`${at.name}/${way}/${name}`, at, result(at), browser);
      }
      for (const name of ['signed-in', 'no-session']) {
        yield make(`${at.name}/${way}/${name}/no-cookies`, at, RESULTS[name](at), {});
        yield make(
          `${at.name}/${way}/${name}/signed-in-before`,
          at,
          RESULTS[name](at),
          signedIn(at, { sub: 'user_before' }),
        );
        yield make(`${at.name}/${way}/${name}/fetch`, at, RESULTS[name](at), browser, {
          headers: [['sec-fetch-mode', 'cors']],
          method: 'POST',
        });
      }
    }
    yield* tokens(at, browser);
    yield* nonces(at, browser);
    yield* surroundings(at, browser);
  }
}

function* tokens(at, browser) {
  const good = RESULTS['signed-in'](at);
  const all = {
    ...Object.fromEntries(Object.entries(TOKENS).map(([name, how]) => [name, handshakeToken(good, how)])),
    ...RAW,
  };
  for (const [name, token] of Object.entries(all)) {
    // In JavaScript a number has no method of a text, which throws.
    const more = name === 'claim-of-numbers' ? { quirk: true } : {};
    yield page(`${at.name}/token/${name}/address`, at, browser, {
      url: `${at.url}?__clerk_handshake=${token}`,
      ...more,
    });
    yield page(`${at.name}/token/${name}/cookie`, at, { ...browser, __clerk_handshake: token }, more);
    yield page(
      `${at.name}/token/${name}/signed-in-before`,
      at,
      { ...signedIn(at), ...browser, __clerk_handshake: token },
      more,
    );
  }
  const token = handshakeToken(good);
  yield page(
    `${at.name}/pem`,
    at,
    { ...browser, __clerk_handshake: token },
    { options: { jwtKey: keys.current.public } },
  );
  for (const jwks of ['unauthorized_key', 'server_error', 'network_error', 'empty', 'rotated_only']) {
    yield page(`${at.name}/jwks-${jwks}`, at, { ...browser, __clerk_handshake: token }, { bapi: { jwks } });
  }
}

function* nonces(at, browser) {
  const answers = {
    ...Object.fromEntries(Object.keys(canned.handshake_payload).map(name => [name, name])),
    'directives-null': directives(null),
    'directives-text': directives('__session=x'),
    'directives-object': directives({}),
    'no-directives': { status: 200, body: {} },
    'body-null': { status: 200, body: null },
    'body-list': { status: 200, body: [] },
  };
  for (const [name, handshake_payload] of Object.entries(answers)) {
    const url = `${at.url}?__clerk_handshake_nonce=nonce_parity`;
    yield page(`${at.name}/nonce/${name}/address`, at, browser, { url, bapi: { handshake_payload } });
    yield page(
      `${at.name}/nonce/${name}/signed-in-before`,
      at,
      { ...signedIn(at), ...browser },
      { url, bapi: { handshake_payload } },
    );
  }
  const handshake_payload = directives(RESULTS['signed-in'](at));
  for (const [name, nonce] of Object.entries({
    empty: '',
    space: 'a%20b',
    slash: 'a%2Fb',
    ampersand: 'a%26b',
    unicode: '%E2%9C%93',
    long: 'n'.repeat(600),
  })) {
    yield page(`${at.name}/nonce-value/${name}`, at, browser, {
      url: `${at.url}?__clerk_handshake_nonce=${nonce}`,
      bapi: { handshake_payload },
    });
  }
  yield page(
    `${at.name}/nonce-suffixed`,
    at,
    { ...browser, [`__clerk_handshake_nonce_${suffixOf(at.options.publishableKey)}`]: 'nonce_parity' },
    { bapi: { handshake_payload } },
  );
}

function* surroundings(at, browser) {
  const token = handshakeToken(RESULTS['signed-in'](at));
  const url = `${at.url}?__clerk_handshake=${token}`;
  const handshake_payload = directives([uat(NOW - 3), sessionCookie(session({ sub: 'user_nonce' }, at))]);
  yield page(`${at.name}/token-and-nonce`, at, browser, {
    url: `${url}&__clerk_handshake_nonce=nonce_parity`,
    bapi: { handshake_payload },
  });
  yield page(
    `${at.name}/token-in-address-nonce-in-cookie`,
    at,
    { ...browser, __clerk_handshake_nonce: 'nonce_parity' },
    { url, bapi: { handshake_payload } },
  );
  yield page(`${at.name}/all-parameters`, at, browser, {
    url: `${url}&__clerk_synced=true&__clerk_hs_reason=x&__clerk_help=1&__clerk_db_jwt=dvb_a&__session=x&kept=1`,
  });
  yield fetched(`${at.name}/fetched`, at, browser, { url });
  yield page(`${at.name}/post`, at, browser, { url, method: 'POST' });
  yield page(`${at.name}/forwarded`, at, browser, {
    url,
    headers: [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
  });
  yield page(`${at.name}/parties-mismatch`, at, browser, {
    url,
    options: { authorizedParties: ['https://other.example.com'] },
  });
  yield page(`${at.name}/with-bearer`, at, browser, {
    url,
    headers: [['authorization', `Bearer ${session({ sub: 'user_header' }, at)}`]],
  });
  for (const count of [2, 3]) {
    yield page(`${at.name}/count-${count}`, at, { ...browser, __clerk_redirect_count: count }, { url });
    yield page(
      `${at.name}/count-${count}/bad-token`,
      at,
      { ...browser, __clerk_redirect_count: count },
      { url: `${at.url}?__clerk_handshake=${RAW.garbage}` },
    );
  }
  for (const acceptsToken of ['any', ['session_token', 'api_key'], 'session_token']) {
    yield page(`${at.name}/accepts-${acceptsToken}`, at, browser, { url, options: { acceptsToken } });
  }
  const satellite = {
    isSatellite: true,
    domain: new URL(at.url).host,
    signInUrl: `${at === PROD ? 'https://www.example.org' : 'http://localhost:5000'}/sign-in`,
  };
  yield page(`${at.name}/satellite`, at, browser, { url, options: satellite });
  yield page(`${at.name}/organization`, at, browser, {
    url: `${at.origin}/orgs/other?__clerk_handshake=${token}`,
    options: { organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'] } },
  });
}
