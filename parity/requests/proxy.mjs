// `proxyUrl`: Clerk's Frontend API is reached through an address of the application.
import { DEV, NOW, PROD, bearer, page, session, signedIn } from './base.mjs';

const ADDRESSES = {
  relative: '/__clerk',
  'relative-slash': '/__clerk/',
  root: '/',
  deeper: '/api/__clerk',
  absolute: 'https://proxy.example.net/__clerk',
  'absolute-slash': 'https://proxy.example.net/__clerk/',
  'absolute-slashes': 'https://proxy.example.net/__clerk//',
  http: 'http://proxy.example.net/__clerk',
  'no-scheme': 'proxy.example.net/__clerk',
  query: 'https://proxy.example.net/__clerk?a=1',
  'host-only': 'https://proxy.example.net',
  empty: '',
  upper: 'HTTPS://PROXY.example.net/__clerk',
  'relative-no-slash': '__clerk',
  'two-slashes': '//proxy.example.net/__clerk',
  hash: 'https://proxy.example.net/__clerk#x',
  port: 'https://proxy.example.net:8443/__clerk',
  space: ' /__clerk',
  unicode: '/caf\u00e9',
};

const FORWARDED = [
  ['x-forwarded-host', 'www.example.org'],
  ['x-forwarded-proto', 'https'],
];

export default function* vectors() {
  for (const [name, proxyUrl] of Object.entries(ADDRESSES)) {
    const more = { options: { proxyUrl } };
    yield page(`prod/${name}`, PROD, { __client_uat: NOW - 30 }, more);
    yield page(`dev/${name}`, DEV, {}, more);
    yield page(`prod-forwarded/${name}`, PROD, { __client_uat: NOW - 30 }, { ...more, headers: FORWARDED });
    yield page(`prod-signed-in/${name}`, PROD, signedIn(PROD), more);
    yield bearer(`prod-header/${name}`, PROD, session(), more);
    yield bearer(`prod-api-key/${name}`, PROD, 'ak_parity', {
      options: { proxyUrl, acceptsToken: 'api_key' },
      bapi: { api_key_verify: 'ok_user' },
    });
  }
  yield page(
    'with-domain',
    PROD,
    { __client_uat: NOW - 30 },
    { options: { proxyUrl: '/__clerk', domain: 'example.org' } },
  );
  yield page('issuer-of-proxy', PROD, signedIn(PROD, { iss: 'https://shop.example.org/__clerk' }), {
    options: { proxyUrl: '/__clerk' },
  });
}
