// Tokens of machines that carry their claims: M2M tokens and OAuth access tokens.
import { keys } from '../recorder/tokens.mjs';
import { CATEGORY, NOW, PROD, bearer, m2mJwt, oauthJwt } from './base.mjs';

/** Changes that make sense for both kinds: name -> claims, and how the token is signed. */
const COMMON = {
  good: [],
  expired: [{ exp: NOW - 60 }],
  'exp-5': [{ exp: NOW - 5 }],
  'exp-4': [{ exp: NOW - 4 }],
  early: [{ nbf: NOW + 60 }],
  'future-iat': [{ iat: NOW + 60 }],
  'exp-missing': [{ exp: undefined }],
  'exp-text': [{ exp: String(NOW + 60) }],
  'nbf-missing': [{ nbf: undefined }],
  'iat-missing': [{ iat: undefined }],
  foreign: [{}, { key: 'foreign' }],
  'kid-unknown': [{}, { header: { kid: 'ins_unknown' } }],
  'kid-missing': [{}, { header: { kid: undefined } }],
  rotated: [{}, { key: 'rotated', header: { kid: keys.rotated.kid } }],
  'alg-HS256': [{}, { header: { alg: 'HS256' }, algorithm: 'HS256' }],
  'alg-none': [{}, { header: { alg: 'none' }, algorithm: 'none' }],
  'alg-RS512': [{}, { header: { alg: 'RS512' }, algorithm: 'RS512' }],
  'cat-missing': [{}, { header: { cat: undefined } }],
  'cat-session': [{}, { header: { cat: CATEGORY.session } }],
  'cat-ignore': [{}, { header: { cat: CATEGORY.ignore } }],
  'cat-null': [{}, { header: { cat: null } }],
  'cat-m2m': [{}, { header: { cat: CATEGORY.m2m } }],
  'typ-missing': [{}, { header: { typ: undefined } }],
  'typ-jwt': [{}, { header: { typ: 'JWT' } }],
  'typ-at+jwt': [{}, { header: { typ: 'at+jwt' } }],
  'typ-application': [{}, { header: { typ: 'application/at+jwt' } }],
  'typ-upper': [{}, { header: { typ: 'AT+JWT' } }],
  crit: [{}, { header: { crit: ['exp'] } }],
  'sub-missing': [{ sub: undefined }],
  'sub-empty': [{ sub: '' }],
  'sub-user': [{ sub: 'user_parity' }],
  'sub-machine': [{ sub: 'mch_caller' }],
  'sub-prefix': [{ sub: 'mch_' }],
  'sub-upper': [{ sub: 'MCH_CALLER' }],
  'sub-list': [{ sub: ['mch_caller'] }],
  'jti-missing': [{ jti: undefined }],
  'jti-number': [{ jti: 5 }],
  azp: [{ azp: PROD.origin }],
  'other-issuer': [{ iss: 'https://clerk.example.com' }],
  own: [{ region: 'eu', nested: { a: [1] } }],
  'claims-named-like-members': [{ claims: { a: 1 }, machineId: 'mch_x', userId: 'user_x' }],
};

const M2M = {
  'scopes-empty': [{ scopes: '' }],
  'scopes-missing': [{ scopes: undefined }],
  'scopes-two-spaces': [{ scopes: 'a  b' }],
  'scopes-list': [{ scopes: ['a', 'b'] }],
  'scopes-null': [{ scopes: null }],
  'scopes-number': [{ scopes: 5 }],
  'aud-text': [{ scopes: undefined, aud: 'mch_stock' }],
  'aud-list': [{ scopes: undefined, aud: ['mch_stock', 'mch_mail'] }],
  'aud-and-scopes': [{ aud: ['mch_stock'] }],
};

const OAUTH = {
  'scope-missing': [{ scope: undefined }],
  'scope-empty': [{ scope: '' }],
  'scope-two-spaces': [{ scope: 'a  b' }],
  'scope-number': [{ scope: 5 }],
  'scope-list': [{ scope: ['a', 'b'] }],
  'scp-list': [{ scope: undefined, scp: ['a', 'b'] }],
  'scp-text': [{ scope: undefined, scp: 'a b' }],
  'scp-empty': [{ scope: undefined, scp: [] }],
  'scope-and-scp': [{ scp: ['x'] }],
  'client-missing': [{ client_id: undefined }],
  'client-empty': [{ client_id: '' }],
  act: [{ act: { sub: 'user_support' } }],
};

const AUD = {
  missing: undefined,
  match: 'shop-api',
  other: 'mail-api',
  list: ['mail-api', 'shop-api'],
  empty: '',
  'empty-list': [],
  number: 7,
  mixed: ['shop-api', 7],
};
const AUDIENCES = { text: 'shop-api', list: ['shop-api', 'web'], other: 'nothing', 'empty-list': [] };

const KINDS = {
  m2m: [m2mJwt, 'm2m_token', { ...COMMON, ...M2M }],
  oauth: [oauthJwt, 'oauth_token', { ...COMMON, ...OAUTH }],
};

export default function* vectors() {
  for (const [kind, [make, acceptsToken, changes]] of Object.entries(KINDS)) {
    const other = kind === 'm2m' ? 'oauth_token' : 'm2m_token';
    for (const [name, change] of Object.entries(changes)) {
      const token = make(...change);
      const ask = (how, options) => bearer(`${kind}/${how}/${name}`, PROD, token, { options });
      yield ask('own', { acceptsToken });
      yield ask('any', { acceptsToken: 'any' });
      yield ask('pem', { acceptsToken, jwtKey: keys.current.public });
      yield ask('session', {});
      yield ask('other', { acceptsToken: other });
    }
    for (const [aud, value] of Object.entries(AUD)) {
      for (const [list, audience] of Object.entries(AUDIENCES)) {
        yield bearer(`${kind}/aud-${aud}/audience-${list}`, PROD, make({ aud: value }), {
          options: { acceptsToken, audience },
        });
      }
    }
    for (const [list, issuer] of Object.entries({ match: PROD.issuer, other: 'https://clerk.example.com' })) {
      yield bearer(`${kind}/issuer-${list}`, PROD, make(), { options: { acceptsToken, issuer } });
    }
    for (const jwks of ['unauthorized_key', 'server_error', 'network_error', 'empty']) {
      yield bearer(`${kind}/jwks-${jwks}`, PROD, make(), { options: { acceptsToken }, bapi: { jwks } });
    }
    yield bearer(`${kind}/parties`, PROD, make({ azp: 'https://other.example.com' }), {
      options: { acceptsToken, authorizedParties: [PROD.origin] },
    });
    yield bearer(`${kind}/machine-secret`, PROD, make(), {
      options: { acceptsToken, secretKey: undefined, machineSecretKey: 'ak_machine_parity' },
    });
    yield bearer(`${kind}/skew`, PROD, make({ exp: NOW - 20 }), { options: { acceptsToken, clockSkewInMs: 30_000 } });
  }
}
