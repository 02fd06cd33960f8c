// The header of a token: algorithm, type, key, category and extensions.
import { keys } from '../recorder/tokens.mjs';
import { CATEGORY, NOW, PROD, bearer, page, session } from './base.mjs';

const pem = keys.current.public;
const token = (header, signing) => session({}, PROD, { header, ...signing });

const ALGORITHMS = {
  'alg-none-unsigned': token({ alg: 'none' }, { algorithm: 'none' }),
  'alg-none-signed': token({ alg: 'none' }),
  'alg-None': token({ alg: 'None' }, { algorithm: 'none' }),
  'alg-HS256': token({ alg: 'HS256' }, { algorithm: 'HS256' }),
  'alg-RS384': token({ alg: 'RS384' }, { algorithm: 'RS384' }),
  'alg-RS512': token({ alg: 'RS512' }, { algorithm: 'RS512' }),
  'alg-RS384-signed-as-256': token({ alg: 'RS384' }),
  'alg-RS256-signed-as-384': token({}, { algorithm: 'RS384' }),
  'alg-PS256': token({ alg: 'PS256' }),
  'alg-ES256': token({ alg: 'ES256' }),
  'alg-EdDSA': token({ alg: 'EdDSA' }),
  'alg-lower-case': token({ alg: 'rs256' }),
  'alg-missing': token({ alg: undefined }),
  'alg-null': token({ alg: null }),
  'alg-number': token({ alg: 256 }),
  'alg-list': token({ alg: ['RS256'] }),
  'alg-empty': token({ alg: '' }),
  'alg-space': token({ alg: 'RS256 ' }),
  'alg-inherited': token({ alg: 'toString' }),
};

const TYPES = {
  missing: undefined,
  lower: 'jwt',
  other: 'foo',
  null: null,
  number: 1,
  empty: '',
  list: ['JWT'],
  'at+jwt': 'at+jwt',
  'AT+JWT': 'AT+JWT',
  'application/at+jwt': 'application/at+jwt',
  'application/jwt': 'application/jwt',
  space: 'JWT ',
};

const KEYS = {
  'kid-unknown': token({ kid: 'ins_unknown' }),
  'kid-missing': token({ kid: undefined }),
  'kid-null': token({ kid: null }),
  'kid-number': token({ kid: 5 }),
  'kid-empty': token({ kid: '' }),
  'kid-unicode': token({ kid: 'ins_\u2713' }),
  'kid-newline': token({ kid: 'ins_parity\n' }),
  'kid-case': token({ kid: 'INS_PARITY' }),
  'kid-inherited': token({ kid: 'constructor' }),
  'kid-local': token({ kid: 'local' }),
  'kid-rotated': token({ kid: keys.rotated.kid }, { key: 'rotated' }),
  'kid-rotated-signed-by-current': token({ kid: keys.rotated.kid }),
  'kid-current-signed-by-rotated': token({}, { key: 'rotated' }),
  'foreign-with-known-kid': token({}, { key: 'foreign' }),
  'foreign-with-own-kid': token({ kid: keys.foreign.kid }, { key: 'foreign' }),
};

const OTHERS = {
  'cat-missing': token({ cat: undefined }),
  'cat-null': token({ cat: null }),
  'cat-empty': token({ cat: '' }),
  'cat-number': token({ cat: 1 }),
  'cat-template': token({ cat: CATEGORY.template }),
  'cat-m2m': token({ cat: CATEGORY.m2m }),
  'cat-ignore': token({ cat: CATEGORY.ignore }),
  'cat-lower-case': token({ cat: CATEGORY.session.toLowerCase() }),
  'crit-empty': token({ crit: [] }),
  'crit-exp': token({ crit: ['exp'], exp: NOW + 50 }),
  'crit-b64': token({ crit: ['b64'], b64: true }),
  'crit-string': token({ crit: 'exp' }),
  'crit-null': token({ crit: null }),
  'own-key': token({ jwk: keys.foreign.jwk }, { key: 'foreign' }),
  'key-address': token({ jku: 'https://evil.example.net/jwks' }),
  'unknown-member': token({ x: { y: [1] } }),
};

const TYPED = Object.fromEntries(Object.entries(TYPES).map(([name, typ]) => [`typ-${name}`, token({ typ })]));

export default function* vectors() {
  for (const [name, value] of Object.entries({ ...ALGORITHMS, ...TYPED, ...KEYS, ...OTHERS })) {
    // In JavaScript every object has some members without a name of its own.
    const more = name.endsWith('-inherited') ? { quirk: true } : {};
    yield bearer(`header/${name}`, PROD, value, more);
    yield page(`cookie/${name}`, PROD, { __session: value, __client_uat: NOW - 30 }, more);
    yield bearer(`any/${name}`, PROD, value, { ...more, options: { acceptsToken: 'any' } });
    yield bearer(`pem/${name}`, PROD, value, { ...more, options: { jwtKey: pem } });
  }
  for (const [name, value] of Object.entries(TYPED)) {
    yield bearer(`list/${name}`, PROD, value, { options: { acceptsToken: ['session_token', 'oauth_token'] } });
    yield bearer(`header-type/${name}`, PROD, value, { options: { headerType: ['foo', 'at+jwt'] } });
  }
}
