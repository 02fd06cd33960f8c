// `verifyToken` and `decodeJwt`, called without a request.
import { keys } from '../recorder/tokens.mjs';
import { AGES, CATEGORY, NOW, NOW_MS, PROD, m2mJwt, oauthJwt, session } from './base.mjs';

const { secretKey } = PROD.options;
const jwtKey = keys.current.public;

const TOKENS = {
  ...Object.fromEntries(Object.entries(AGES).map(([name, changes]) => [name, session(changes)])),
  foreign: session({}, PROD, { key: 'foreign' }),
  'kid-unknown': session({}, PROD, { header: { kid: 'ins_unknown' } }),
  'category-m2m': session({}, PROD, { header: { cat: CATEGORY.m2m } }),
  template: session({}, PROD, { header: { cat: CATEGORY.template } }),
  'sub-machine': session({ sub: 'mch_caller' }),
  'sub-missing': session({ sub: undefined }),
  oauth: oauthJwt(),
  m2m: m2mJwt(),
  'alg-none': session({}, PROD, { header: { alg: 'none' }, algorithm: 'none' }),
  'typ-other': session({}, PROD, { header: { typ: 'foo' } }),
  empty: '',
  garbage: 'garbage',
  'two-parts': 'a.b',
  'four-parts': `${session()}.x`,
  'three-letters': 'a.b.c',
  'api-key': 'ak_parity',
};

const OPTIONS = {
  'parties-match': { authorizedParties: [PROD.origin] },
  'parties-other': { authorizedParties: ['https://other.example.com'] },
  'audience-missing': { audience: 'shop-api' },
  'skew-0': { clockSkewInMs: 0 },
  'skew-60': { clockSkewInMs: 60_000 },
  'header-type': { headerType: ['foo'] },
  'skip-cache': { skipJwksCache: true },
  'api-address': { apiUrl: 'https://api.example.org' },
  'api-version': { apiVersion: 'v2' },
};

export default function* vectors() {
  const verify = (id, token, options, bapi = {}) => ({ id, fn: 'verifyToken', now_ms: NOW_MS, token, options, bapi });
  for (const [name, token] of Object.entries(TOKENS)) {
    yield verify(`verify/${name}/secret`, token, { secretKey });
    yield verify(`verify/${name}/pem`, token, { jwtKey });
    yield { id: `decode/${name}`, fn: 'decodeJwt', now_ms: NOW_MS, token, options: {}, bapi: {} };
  }
  yield verify('verify/no-keys', session(), {});
  yield verify('verify/no-keys-garbage', 'garbage', {});
  for (const jwks of [
    'unauthorized_key',
    'unauthorized_other',
    'network_error',
    'server_error',
    'server_error_html',
    'empty',
    'no_content',
    'rotated_only',
  ]) {
    yield verify(`verify/jwks-${jwks}`, session(), { secretKey }, { jwks });
  }
  for (const [name, options] of Object.entries(OPTIONS)) {
    yield verify(`verify/option-${name}`, session(), { secretKey, ...options });
    yield verify(`verify/option-${name}/expired-20s`, session({ exp: NOW - 20 }), { secretKey, ...options });
  }
}
