// An application on another domain that shares the sessions of a primary one.
import { AGES, DEV, NOW, PROD, fetched, page, session, vector } from './base.mjs';

const SATELLITES = {
  prod: {
    ...PROD,
    url: 'https://store.example.com/offers?a=1',
    origin: 'https://store.example.com',
    options: {
      ...PROD.options,
      isSatellite: true,
      domain: 'store.example.com',
      signInUrl: 'https://shop.example.org/sign-in',
    },
    issuer: 'https://clerk.store.example.com',
  },
  dev: {
    ...DEV,
    url: 'http://store.localhost:5000/offers?a=1',
    origin: 'http://store.localhost:5000',
    options: {
      ...DEV.options,
      isSatellite: true,
      domain: 'store.localhost:5000',
      signInUrl: 'http://localhost:4000/sign-in',
    },
  },
};

const AUTO = { unset: undefined, false: false, true: true };
const SYNCED = {
  none: '',
  true: '&__clerk_synced=true',
  false: '&__clerk_synced=false',
  other: '&__clerk_synced=x',
  empty: '&__clerk_synced=',
};

const COOKIES = {
  none: () => ({}),
  'signed-in': at => ({ __session: session({}, at), __client_uat: NOW - 30 }),
  'uat-only': () => ({ __client_uat: NOW - 30 }),
  'uat-zero': () => ({ __client_uat: 0 }),
  'session-only': at => ({ __session: session({}, at) }),
  expired: at => ({ __session: session(AGES.expired, at), __client_uat: NOW - 30 }),
  'browser-only': () => ({ __clerk_db_jwt: 'dvb_parity' }),
};

export default function* vectors() {
  for (const [name, at] of Object.entries(SATELLITES)) {
    for (const [auto, satelliteAutoSync] of Object.entries(AUTO)) {
      const options = satelliteAutoSync === undefined ? {} : { satelliteAutoSync };
      for (const [synced, query] of Object.entries(SYNCED)) {
        for (const [cookies, make] of Object.entries(COOKIES)) {
          const more = { url: at.url + query, options };
          yield page(`${name}/auto-${auto}/synced-${synced}/${cookies}/page`, at, make(at), more);
          if (synced === 'none')
            yield fetched(`${name}/auto-${auto}/synced-${synced}/${cookies}/fetch`, at, make(at), more);
        }
      }
    }
    yield* options(name, at);
    yield* requests(name, at);
  }
}

/** Options that are missing, or that contradict each other. */
function* options(name, at) {
  const OPTIONS = {
    'no-sign-in-url': { signInUrl: undefined },
    'empty-sign-in-url': { signInUrl: '' },
    'relative-sign-in-url': { signInUrl: '/sign-in' },
    'sign-in-url-with-query': { signInUrl: `${at.options.signInUrl}?theme=dark` },
    'sign-in-url-of-host': { signInUrl: new URL(at.options.signInUrl).origin },
    'own-sign-in-url': { signInUrl: `${at.origin}/sign-in` },
    'bad-sign-in-url': { signInUrl: 'http://' },
    'no-domain': { domain: undefined },
    'empty-domain': { domain: '' },
    'domain-with-clerk': { domain: 'clerk.store.example.com' },
    'domain-with-scheme': { domain: 'https://store.example.com' },
    proxy: { domain: undefined, proxyUrl: 'https://proxy.example.net/__clerk' },
    'relative-proxy': { domain: undefined, proxyUrl: '/__clerk' },
    'domain-and-proxy': { proxyUrl: 'https://proxy.example.net/__clerk' },
  };
  for (const [option, changes] of Object.entries(OPTIONS)) {
    const more = { options: { satelliteAutoSync: true, ...changes } };
    yield page(`${name}/options/${option}/nothing`, at, {}, more);
    yield page(
      `${name}/options/${option}/signed-in`,
      at,
      { ...COOKIES['signed-in'](at), __clerk_db_jwt: 'dvb_parity' },
      more,
    );
    yield vector(`${name}/options/${option}/bearer`, at, [['authorization', `Bearer ${session({}, at)}`]], more);
    yield page(`${name}/options/${option}/origin`, at, {}, { ...more, headers: [['origin', at.origin]] });
  }
}

function* requests(name, at) {
  const auto = { options: { satelliteAutoSync: true } };
  for (const method of ['POST', 'HEAD']) yield page(`${name}/${method}`, at, {}, { ...auto, method });
  yield vector(`${name}/iframe`, at, [['sec-fetch-dest', 'iframe']], auto);
  yield vector(`${name}/accept-html`, at, [['accept', 'text/html']], auto);
  yield vector(`${name}/accept-json`, at, [['accept', 'application/json']], auto);
  for (const count of [1, 2, 3, 4]) yield page(`${name}/count-${count}`, at, { __clerk_redirect_count: count }, auto);
  yield page(`${name}/query-kept`, at, {}, { ...auto, url: `${at.origin}/offers?b=2&a=%20x&a=1` });
  yield page(`${name}/synced-twice`, at, {}, { ...auto, url: `${at.url}&__clerk_synced=false&__clerk_synced=true` });
  yield page(`${name}/synced-upper`, at, {}, { ...auto, url: `${at.url}&__clerk_synced=TRUE` });
  yield page(
    `${name}/redirect-url`,
    at,
    {},
    { ...auto, url: `${at.url}&__clerk_redirect_url=${encodeURIComponent('https://elsewhere.example.net/')}` },
  );
  yield page(
    `${name}/primary-issuer`,
    at,
    { __session: session({ iss: PROD.issuer }, at), __client_uat: NOW - 30 },
    auto,
  );
  yield page(
    `${name}/forwarded`,
    at,
    {},
    {
      ...auto,
      headers: [
        ['x-forwarded-host', 'www.example.com'],
        ['x-forwarded-proto', 'https'],
      ],
    },
  );
  for (const acceptsToken of ['m2m_token', 'api_key', 'oauth_token', 'any']) {
    yield page(
      `${name}/accepts-${acceptsToken}`,
      at,
      {},
      { options: { satelliteAutoSync: true, signInUrl: undefined, domain: undefined, acceptsToken } },
    );
  }
}
