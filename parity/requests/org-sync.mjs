// `organizationSyncOptions`: the address names an organization, and the session has to switch to it.
import { AGES, DEV, NOW, PROD, bearer, fetched, page, session, signedIn } from './base.mjs';

const OPTIONS = {
  slug: { organizationPatterns: ['/orgs/:slug', '/orgs/:slug/(.*)'], personalAccountPatterns: ['/me', '/me/(.*)'] },
  id: { organizationPatterns: ['/orgs/:id', '/orgs/:id/(.*)'], personalAccountPatterns: ['/me', '/me/(.*)'] },
  'personal-only': { personalAccountPatterns: ['/me'] },
  'organizations-only': { organizationPatterns: ['/orgs/:slug'] },
};

const PATHS = [
  '/orgs/acme',
  '/orgs/acme/settings/x',
  '/orgs/other',
  '/orgs/org_parity',
  '/orgs/org_other/x',
  '/orgs',
  '/orgs/',
  '/me',
  '/me/x',
  '/elsewhere',
  '/orgs/ACME',
  '/orgs/a%20b',
  '/orgs/ac%6De',
  '/orgs/%E2%9C%93',
  '/x/orgs/acme',
  '/orgs/acme?tab=1',
];

const first = { org_id: 'org_parity', org_role: 'org:editor', org_slug: 'acme' };
const SESSIONS = {
  personal: {},
  first,
  'first-no-slug': { ...first, org_slug: undefined },
  second: { v: 2, o: { id: 'org_parity', rol: 'editor', slg: 'acme' } },
  pending: { ...first, sts: 'pending' },
};

export default function* vectors() {
  for (const [kind, organizationSyncOptions] of Object.entries(OPTIONS)) {
    for (const path of PATHS) {
      for (const [name, claims] of Object.entries(SESSIONS)) {
        const more = { url: PROD.origin + path, options: { organizationSyncOptions } };
        yield page(`${kind}${path}/${name}`, PROD, signedIn(PROD, claims), more);
      }
    }
  }
  yield* switches();
}

/** Requests to an organization that is not the session's. */
function* switches() {
  const options = { organizationSyncOptions: OPTIONS.slug };
  const more = { url: `${PROD.origin}/orgs/other`, options };
  const cookies = signedIn(PROD, first);
  for (const method of ['POST', 'HEAD', 'PUT']) yield page(`switch/${method}`, PROD, cookies, { ...more, method });
  yield fetched('switch/fetch', PROD, cookies, more);
  yield bearer('switch/bearer', PROD, session(first), more);
  for (const count of [1, 2, 3, 4])
    yield page(`switch/count-${count}`, PROD, { ...cookies, __clerk_redirect_count: count }, more);
  yield page(
    'switch/expired',
    PROD,
    { __session: session({ ...first, ...AGES.expired }), __client_uat: NOW - 30 },
    more,
  );
  yield page('switch/signed-out', PROD, {}, more);
  yield page('switch/no-session', PROD, { __client_uat: NOW - 30 }, more);
  yield page('switch/dev', DEV, signedIn(DEV, first), { url: `${DEV.origin}/orgs/other`, options });
  yield page('switch/dev-query', DEV, signedIn(DEV, first), { url: `${DEV.origin}/orgs/other?a=1&b=%20`, options });
  yield page('switch/referrer', PROD, cookies, { ...more, headers: [['referer', 'https://news.example.net/']] });
  yield page('switch/forwarded', PROD, cookies, {
    ...more,
    headers: [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
  });
  yield page('switch/proxy', PROD, cookies, { ...more, options: { ...options, proxyUrl: '/__clerk' } });
  yield page('switch/satellite', PROD, cookies, {
    ...more,
    options: {
      ...options,
      isSatellite: true,
      domain: 'shop.example.org',
      signInUrl: 'https://www.example.org/sign-in',
    },
  });
  yield page('switch/reserved-characters', PROD, cookies, { ...more, url: `${PROD.origin}/orgs/a&b=c` });
  yield page('switch/to-personal', PROD, cookies, { ...more, url: `${PROD.origin}/me` });
  yield page('switch/both-match', PROD, cookies, {
    ...more,
    url: `${PROD.origin}/orgs/other`,
    options: {
      organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'], personalAccountPatterns: ['/orgs/(.*)'] },
    },
  });
  for (const acceptsToken of ['any', 'session_token', ['session_token', 'oauth_token']]) {
    yield page(`switch/accepts-${acceptsToken}`, PROD, cookies, { ...more, options: { ...options, acceptsToken } });
  }
}
