// The address of a handshake: how the request's own address is written into it.
import { DEV, NOW, PROD, page } from './base.mjs';

const TARGETS = {
  root: '/',
  plain: '/orders',
  trailing: '/orders/',
  query: '/orders?page=2',
  'two-parameters': '/orders?b=2&a=1',
  'empty-query': '/orders?',
  'only-question': '/?',
  'name-alone': '/o?x',
  'same-parameter': '/o?a=1&a=2',
  plus: '/o?q=a+b',
  'encoded-space': '/o?q=a%20b',
  'raw-space': '/o?q=a b',
  quote: "/o?q='x'",
  brackets: '/o?q[0]=1',
  unicode: '/caf\u00e9?q=\u2713',
  'encoded-unicode': '/caf%C3%A9?q=%E2%9C%93',
  'bad-percent': '/o?q=%zz',
  'bad-utf8': '/o?q=%ff',
  ampersand: '/o?q=%26a%3D1',
  dots: '/a/../b/./c',
  'encoded-dots': '/a/%2e%2e/b',
  slashes: '/a//b',
  backslash: '/a\\b',
  semicolon: '/a;b=c?d;e',
  'own-synced': '/o?__clerk_synced=true&x=1',
  'own-db': '/o?__clerk_db_jwt=dvb_old&x=1',
  'own-dev-session': '/o?__dev_session=dvb_old&x=1',
  'own-handshake': '/o?__clerk_handshake=&x=1',
  'own-reason': '/o?__clerk_hs_reason=x',
  'own-redirect': '/o?redirect_url=https://example.net/',
  tilde: '/~zoe/*!()',
  pipe: '/o?q=a|b',
  less: '/o?q=<b>',
  caret: '/o?q=^',
  brace: '/{id}?q={x}',
  at: '/@zoe',
  colon: '/a:b',
  tab: '/a%09b',
  long: `/long?${'x'.repeat(300)}`,
};

const HOSTS = {
  'default-port': 'https://shop.example.org:443/orders',
  'other-port': 'https://shop.example.org:8443/orders',
  idn: 'https://caf\u00e9.example.org/orders',
  upper: 'https://SHOP.Example.ORG/orders',
  ipv4: 'http://127.0.0.1:3000/orders',
  ipv6: 'http://[::1]:3000/orders',
  http: 'http://shop.example.org/orders',
  dot: 'https://shop.example.org./orders',
};

export default function* vectors() {
  const browsers = {
    prod: [PROD, { __client_uat: NOW - 30 }],
    dev: [DEV, {}],
    'dev-browser': [DEV, { __clerk_db_jwt: 'dvb_parity', __client_uat: NOW - 30 }],
  };
  for (const [browser, [at, values]] of Object.entries(browsers)) {
    for (const [name, target] of Object.entries(TARGETS)) {
      yield page(`${browser}/${name}`, at, values, { url: at.origin + target });
    }
    for (const [name, url] of Object.entries(HOSTS)) yield page(`${browser}/host/${name}`, at, values, { url });
  }
  yield page('domain', PROD, { __client_uat: NOW - 30 }, { options: { domain: 'other.example.org' } });
  yield page(
    'sign-in-address',
    PROD,
    { __client_uat: NOW - 30 },
    { options: { signInUrl: 'https://shop.example.org/login', signUpUrl: '/register' } },
  );
}
