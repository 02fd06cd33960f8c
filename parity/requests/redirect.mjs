// `createRedirect`: the addresses that a handler sends a browser to, to sign in or up.
import { DEV, PROD } from './base.mjs';

const OPTIONS = {
  plain: {},
  'sign-in-url': { signInUrl: 'https://shop.example.org/login' },
  'sign-up-url': { signUpUrl: 'https://shop.example.org/register' },
  both: { signInUrl: 'https://shop.example.org/login', signUpUrl: 'https://shop.example.org/register' },
  relative: { signInUrl: '/login', signUpUrl: '/register' },
  'with-query': {
    signInUrl: 'https://shop.example.org/login?theme=dark',
    signUpUrl: 'https://shop.example.org/register?theme=dark',
  },
  'with-hash': { signInUrl: 'https://shop.example.org/#/login' },
  elsewhere: { signInUrl: 'https://login.example.com/', signUpUrl: 'https://login.example.com/up' },
  empty: { signInUrl: '', signUpUrl: '' },
  portal: { signInUrl: 'https://accounts.example.org/sign-in' },
  satellite: {
    isSatellite: true,
    signInUrl: 'https://www.example.org/login',
    signUpUrl: 'https://www.example.org/register',
  },
  'satellite-plain': { isSatellite: true },
  pending: { sessionStatus: 'pending' },
  'pending-sign-in-url': { sessionStatus: 'pending', signInUrl: 'https://shop.example.org/login' },
  active: { sessionStatus: 'active' },
  browser: { devBrowserToken: 'dvb_parity' },
  'browser-sign-in-url': { devBrowserToken: 'dvb_parity', signInUrl: 'http://localhost:4000/login' },
  'base-with-path': { baseUrl: 'https://shop.example.org/app/' },
  'empty-base': { baseUrl: '' },
};

const BACK = {
  nothing: {},
  null: { returnBackUrl: null },
  empty: { returnBackUrl: '' },
  path: { returnBackUrl: '/orders?page=2#x' },
  'no-slash': { returnBackUrl: 'orders' },
  own: { returnBackUrl: 'https://shop.example.org/orders' },
  other: { returnBackUrl: 'https://store.example.com/offers?a=1&b=%20' },
  'two-slashes': { returnBackUrl: '//elsewhere.example.net' },
  'with-browser': { returnBackUrl: '/orders?__clerk_db_jwt=dvb_old' },
  unicode: { returnBackUrl: '/caf\u00e9' },
  encoded: { returnBackUrl: '/a%20b?q=%26' },
  script: { returnBackUrl: 'javascript:alert(1)' },
  'no-url': { returnBackUrl: 'http://' },
};

const KEYS = {
  prod: PROD.options.publishableKey,
  dev: DEV.options.publishableKey,
  none: undefined,
  garbage: 'pk_live_***',
  legacy: `pk_test_${Buffer.from('clerk.quiet.heron-7.lcl.dev$').toString('base64')}`,
};

export default function* vectors() {
  for (const name of ['redirectToSignIn', 'redirectToSignUp']) {
    const of = (id, options, params) => ({ id: `${name}/${id}`, fn: 'createRedirect', args: [options, name, params] });
    for (const [key, publishableKey] of Object.entries({ prod: KEYS.prod, dev: KEYS.dev })) {
      const baseUrl = key === 'prod' ? PROD.origin : DEV.origin;
      for (const [option, more] of Object.entries(OPTIONS)) {
        for (const [back, params] of Object.entries(BACK)) {
          yield of(`${key}/${option}/${back}`, { publishableKey, baseUrl, ...more }, params);
        }
      }
    }
    for (const key of ['none', 'garbage', 'legacy']) {
      yield of(`key-${key}/plain`, { publishableKey: KEYS[key], baseUrl: PROD.origin }, { returnBackUrl: '/orders' });
      yield of(
        `key-${key}/sign-in-url`,
        { publishableKey: KEYS[key], baseUrl: PROD.origin, signInUrl: '/login' },
        { returnBackUrl: '/orders' },
      );
    }
  }
}
