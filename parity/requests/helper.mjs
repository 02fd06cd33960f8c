// Functions that the package and its shared part export: keys, cookie names, token kinds, addresses.
import { DEV, PROD } from './base.mjs';

const base64 = text => Buffer.from(text).toString('base64');
const live = text => `pk_live_${base64(text)}`;
const test = text => `pk_test_${base64(text)}`;

const KEYS = [
  PROD.options.publishableKey,
  DEV.options.publishableKey,
  live('clerk.example.com$'),
  live('clerk.ab.com$'),
  live('clerk.ab.com$').replace(/=+$/, ''),
  test('clerk.quiet.heron-7.lcl.dev$'),
  test('quiet-heron-7.clerk.accountsstage.dev$'),
  live('example.org$'),
  live('localhost$'),
  live('a.b$'),
  '',
  'pk_live_',
  'pk_test_',
  'pk_live_***',
  live('clerk.example.org'),
  live('clerk.example.org$$'),
  live('$'),
  live('clerk.$example.org$'),
  live('.$'),
  live('clerk.example.org/path$'),
  live('clerk.example.org:8443$'),
  live('CLERK.Example.org$'),
  live('clerk .example.org$'),
  live('caf\u00e9.example.org$'),
  'sk_live_parity',
  `PK_LIVE_${base64('clerk.example.org$')}`,
  ` ${PROD.options.publishableKey}`,
  `${PROD.options.publishableKey} `,
  `pk_live_x_${base64('clerk.example.org$')}`,
  'pk_other_x',
  'live_x',
  'test_x',
  `pk_live_${base64('clerk.example.org$').replaceAll('=', '')}=`,
  `pk_live_${base64('https://clerk.example.org$')}`,
  'pk_live_Y2xlcms\n',
  live('1.2.3.4$'),
  live('clerk.example.org$\n'),
];

const PARSE = [
  undefined,
  { fatal: true },
  { domain: 'example.com' },
  { proxyUrl: 'https://proxy.example.net/__clerk' },
  { isSatellite: true, domain: 'store.example.com' },
  { isSatellite: true },
  { domain: 'clerk.store.example.com', isSatellite: true },
  { domain: '', proxyUrl: '' },
];

const HOSTS = [
  'clerk.example.org',
  'quiet-heron-7.clerk.accounts.dev',
  'quiet-heron-77.clerk.accounts.dev',
  'quiet-heron-777.clerk.accounts.dev',
  'heron-7.clerk.accounts.dev',
  'quiet-heron-7.clerk.accountsstage.dev',
  'quiet-heron-7.clerk.accounts.lclclerk.com',
  'clerk.quiet.heron-7.lcl.dev',
  'clerk.quiet.heron-7.dev.lclclerk.com',
  'clerk.x.prod.lclclerk.com',
  'clerk.x.stg.dev',
  'QUIET-heron-7.clerk.accounts.dev',
  'localhost',
  '',
  'caf\u00e9.example.org',
  'clerk.example.org:8443',
  'https://clerk.example.org',
];

const COOKIES = [
  '',
  'a',
  '=b',
  'a=b',
  'a=',
  'a=b;c=d',
  'a=b; c=d',
  ' a = b ; c=d ',
  'a=b=c',
  'a="b"',
  'a="b',
  'a=b;a=c',
  ';;a=b;;',
  'a=%41',
  'a=%zz',
  'a=%E2%9C%93',
  'a=%ff',
  'a=b, c=d',
  '\ta=b\t',
  'a b=c',
  'a=b c',
  '%41=b',
  'a=b;',
  'A=1; a=2',
  '__proto__=x',
  'a=\u00e9',
  'a=%22b%22',
  'a=+',
  'a=b;;c',
  'a;b=c',
  '$a=b',
  'a=%',
  'a=%4',
  'a==',
  '"a"=b',
];

const URLS = [
  ['https://shop.example.org/p?q=1', []],
  [
    'http://10.0.0.5:8080/p',
    [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
  ],
  ['http://10.0.0.5:8080/p', [['x-forwarded-host', 'www.example.org']]],
  ['http://10.0.0.5:8080/p', [['x-forwarded-proto', 'https']]],
  ['https://shop.example.org/p', [['host', 'www.example.org']]],
  [
    'https://shop.example.org/p',
    [
      ['x-forwarded-host', 'a.example.org, b.example.org'],
      ['x-forwarded-proto', 'https, http'],
    ],
  ],
  ['https://shop.example.org/p', [['x-forwarded-host', ' ']]],
  ['https://shop.example.org/p', [['x-forwarded-host', 'no host']]],
  ['https://shop.example.org:443/p', []],
  ['http://shop.example.org:443/p', []],
  ['https://shop.example.org/a/../b?x=%20', []],
  ['https://shop.example.org//double', []],
  ['https://shop.example.org//other.example.net/x', [['x-forwarded-host', 'www.example.org']]],
  ['https://SHOP.example.org', []],
  ['https://shop.example.org/p', [['x-forwarded-host', 'www.example.org:8443']]],
  ['https://shop.example.org/p', [['x-forwarded-proto', 'http']]],
  ['https://shop.example.org/?a=b?c', []],
  [
    'https://shop.example.org/p',
    [
      ['x-forwarded-host', '[::1]:3000'],
      ['x-forwarded-proto', 'http'],
    ],
  ],
  [
    'https://shop.example.org/p',
    [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'HTTPS'],
    ],
  ],
];

const SECRETS = ['sk_test_x', 'sk_live_x', 'test_x', 'live_x', '', 'pk_test_x', 'sk_x', 'SK_TEST_x'];

const TOKENS = [
  'ak_x',
  'mt_x',
  'oat_x',
  'AK_x',
  'ak',
  '',
  'ak_',
  'x_ak_',
  'a.b.c',
  'sess_x',
  ' mt_x',
  'oat_a.b.c',
  'Bearer ak_x',
];

const KINDS = ['session_token', 'api_key', 'm2m_token', 'oauth_token'];
const ACCEPTS = ['any', ...KINDS, ['session_token', 'api_key'], ['m2m_token', 'oauth_token'], []];

const LEVELS = [
  'strict',
  'strict_mfa',
  'moderate',
  'lax',
  { level: 'first_factor', afterMinutes: 5 },
  { level: 'second_factor', afterMinutes: 1440 },
];

/** The calls: name of the function -> lists of arguments. */
const CALLS = {
  isPublishableKey: KEYS.map(key => [key]),
  parsePublishableKey: [
    ...KEYS.flatMap(key => [[key], [key, { fatal: true }]]),
    ...PARSE.slice(2).flatMap(options => KEYS.slice(0, 2).map(key => [key, options])),
  ],
  getCookieSuffix: KEYS.map(key => [key]),
  instanceTypeOf: KEYS.map(key => [key]),
  secretKeyType: SECRETS.map(key => [key]),
  buildPublishableKey: HOSTS.map(host => [host]),
  publishableKeyFromHost: ['example.org', 'EXAMPLE.org:8443', '', 'localhost:3000'].flatMap(host =>
    [null, DEV.options.publishableKey, PROD.options.publishableKey].map(key => [host, key]),
  ),
  buildAccountsBaseUrl: HOSTS.map(host => [host]),
  getSuffixedCookieName: [
    ['__session', 'abcd1234'],
    ['__client_uat', ''],
  ],
  cookies: COOKIES.map(text => [text]),
  clerkUrl: URLS.map(([url, headers]) => [{ url, headers }]),
  isMachineToken: TOKENS.map(token => [token]),
  isTokenTypeAccepted: KINDS.flatMap(kind => ACCEPTS.map(accepts => [kind, accepts])),
  getAuthObjectForAcceptedToken: KINDS.flatMap(tokenType =>
    [null, ...ACCEPTS].map(accepts => [{ tokenType, userId: 'user_parity', isAuthenticated: true }, accepts]),
  ),
  reverificationError: LEVELS.map(level => [level]).concat([[]]),
  reverificationErrorResponse: [['strict'], [{ level: 'multi_factor', afterMinutes: 1 }]],
  constants: [[]],
};

export default function* vectors() {
  for (const [fn, calls] of Object.entries(CALLS)) {
    for (const [at, args] of calls.entries())
      yield { id: `${fn}/${at}`, fn, args: args.map(argument => argument ?? null) };
  }
}
