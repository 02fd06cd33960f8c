// A signed-in browser that comes from another page: when it is sent to a handshake first.
import { DEV, INSTANCES, PROD, page, signedIn } from './base.mjs';

const REFERRERS = {
  none: undefined,
  same: at => `${at.origin}/cart`,
  'same-port': at => `${at.origin}:8443/`,
  http: () => 'http://shop.example.org/',
  other: () => 'https://news.example.net/story',
  api: at => `${at.issuer}/v1/client`,
  'api-http': at => at.issuer.replace('https', 'http'),
  'api-port': at => `${at.issuer}:8443/`,
  accounts: () => 'https://accounts.example.org/sign-in',
  'accounts-http': () => 'http://accounts.example.org/sign-in',
  'accounts-port': () => 'https://accounts.example.org:8443/sign-in',
  'accounts-elsewhere': () => 'https://accounts.example.net/sign-in',
  'accounts-in-name': () => 'https://accounts.example.org.example.net/',
  'dev-accounts': () => 'https://quiet-heron-7.accounts.dev/sign-in',
  'dev-accounts-old': () => 'https://accounts.quiet.heron-7.lcl.dev/sign-in',
  'dev-clerk-accounts': () => 'https://quiet-heron-7.clerk.accounts.dev/sign-in',
  'other-dev-accounts': () => 'https://loud-otter-9.accounts.dev/sign-in',
  'no-url': () => 'somewhere',
  empty: () => '',
  data: () => 'data:text/html,x',
  upper: () => 'HTTPS://SHOP.EXAMPLE.ORG/CART',
  android: () => 'android-app://org.example.shop/',
  subdomain: () => 'https://www.shop.example.org/',
  parent: () => 'https://example.org/',
  about: () => 'about:blank',
};

export default function* vectors() {
  const settings = [
    ...INSTANCES.map(at => [at.name, at, {}]),
    ['prod-proxy', PROD, { proxyUrl: 'https://proxy.example.net/__clerk' }],
    ['prod-domain', PROD, { domain: 'example.org' }],
  ];
  for (const [name, at, options] of settings) {
    for (const [referrer, make] of Object.entries(REFERRERS)) {
      const headers = make ? [['referer', make(at)]] : [];
      yield page(`${name}/${referrer}`, at, signedIn(at), { headers, options });
    }
  }
  const headers = [['referer', REFERRERS.other()]];
  for (const count of [0, 1, 2, 3])
    yield page(`count-${count}`, PROD, { ...signedIn(PROD), __clerk_redirect_count: count }, { headers });
  for (const site of ['same-origin', 'same-site', 'cross-site', 'none']) {
    yield page(`site-${site}`, PROD, signedIn(PROD), { headers: [...headers, ['sec-fetch-site', site]] });
  }
  yield page('post', PROD, signedIn(PROD), { headers, method: 'POST' });
  yield page('dev-signed-out', DEV, { __clerk_db_jwt: 'dvb_parity' }, { headers });
  yield page('other-issuer', PROD, signedIn(PROD, { iss: 'https://clerk.example.net' }), { headers });
  yield page('behind-proxy', PROD, signedIn(PROD), {
    headers: [
      ['referer', 'https://www.example.org/x'],
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
  });
  yield page('own-accounts', PROD, signedIn(PROD), {
    headers: [['referer', 'https://accounts.example.org/user']],
    options: { signInUrl: 'https://accounts.example.org/sign-in' },
  });
}
