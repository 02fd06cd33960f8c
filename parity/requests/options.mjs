// Keys and addresses in the options that are missing or that no instance has.
import { keys } from '../recorder/tokens.mjs';
import { DEV, NOW, PROD, bearer, page, session, vector } from './base.mjs';

const key = text => Buffer.from(text).toString('base64');

const PUBLISHABLE = {
  missing: undefined,
  empty: '',
  null: null,
  'no-prefix': key('clerk.example.org$'),
  'prefix-only': 'pk_test_',
  'bad-base64': 'pk_live_***',
  'no-dollar': `pk_live_${key('clerk.example.org')}`,
  'no-dot': `pk_live_${key('localhost$')}`,
  'two-dollars': `pk_live_${key('clerk.example.org$$')}`,
  padded: `pk_live_${key('clerk.example.com$')}`,
  secret: 'sk_live_parity',
  'more-parts': `pk_live_x_${key('clerk.example.org$')}`,
  upper: `PK_LIVE_${key('clerk.example.org$')}`,
  'leading-space': ` ${PROD.options.publishableKey}`,
  legacy: `pk_test_${key('clerk.quiet.heron-7.lcl.dev$')}`,
  'space-inside': `pk_live_${key('clerk .example.org$')}`,
  port: `pk_live_${key('clerk.example.org:8443$')}`,
  path: `pk_live_${key('clerk.example.org/x$')}`,
};

const SECRET = {
  missing: undefined,
  empty: '',
  null: null,
  garbage: 'not-a-key',
  test: 'sk_test_parity',
  publishable: PROD.options.publishableKey,
  space: 'sk_live_parity ',
};

const API = {
  'trailing-slash': 'https://api.example.org/',
  path: 'https://api.example.org/clerk',
  'path-slash': 'https://api.example.org/clerk/',
  query: 'https://api.example.org/?x=1',
  http: 'http://api.example.org',
  port: 'https://api.example.org:8443',
  'no-url': 'api.example.org',
  empty: '',
};

export default function* vectors() {
  const token = session();
  for (const [name, publishableKey] of Object.entries(PUBLISHABLE)) {
    yield bearer(`publishable-${name}/header`, PROD, token, { options: { publishableKey } });
    yield page(`publishable-${name}/page`, PROD, { __client_uat: NOW - 30 }, { options: { publishableKey } });
  }
  for (const [name, secretKey] of Object.entries(SECRET)) {
    yield bearer(`secret-${name}/header`, PROD, token, { options: { secretKey } });
    yield vector(`secret-${name}/nothing`, PROD, [], { options: { secretKey } });
    yield bearer(`secret-${name}/pem`, PROD, token, { options: { secretKey, jwtKey: keys.current.public } });
    yield page(`secret-${name}/page`, PROD, { __client_uat: NOW - 30 }, { options: { secretKey } });
  }
  yield bearer('no-keys', PROD, token, { options: { publishableKey: undefined, secretKey: undefined } });
  yield page(
    'dev-publishable-live-secret',
    PROD,
    { __client_uat: NOW - 30 },
    { options: { publishableKey: DEV.options.publishableKey } },
  );
  for (const [name, apiUrl] of Object.entries(API)) {
    for (const jwks of ['ok', 'server_error'])
      yield bearer(`api-${name}/${jwks}`, PROD, token, { options: { apiUrl }, bapi: { jwks } });
  }
  for (const apiVersion of ['v2', 'v1', '', '/v1'])
    yield bearer(`api-version-${apiVersion}`, PROD, token, { options: { apiVersion } });
  const addresses = {
    signInUrl: 'https://shop.example.org/login',
    signUpUrl: '/register',
    afterSignInUrl: '/home',
    afterSignUpUrl: '/welcome',
  };
  yield bearer('addresses/signed-in', PROD, token, { options: addresses });
  yield vector('addresses/signed-out', PROD, [], { options: addresses });
  yield page('addresses/handshake', PROD, { __client_uat: NOW - 30 }, { options: addresses });
  yield page(
    'dev-addresses/handshake',
    DEV,
    {},
    { options: { ...addresses, signInUrl: 'http://localhost:4000/login' } },
  );
}
