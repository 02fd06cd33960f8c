// `clerkFrontendApiProxy`: a browser reaches Clerk's Frontend API through a path of the application.
import { DEV, NOW_MS, PROD } from './base.mjs';

const UPSTREAM = 'https://frontend-api.clerk.dev';
const OK = { status: 200, headers: [['content-type', 'application/json']], text: '{"response":null}' };

/** A vector; the path is below the proxy's, and the answer is the Frontend API's. */
function proxied(
  id,
  {
    at = PROD,
    path = '/v1/client?_method=GET',
    method = 'GET',
    headers = [],
    body,
    options,
    fapi = OK,
    url = `${at.origin}/__clerk${path}`,
  } = {},
) {
  const all = body === undefined ? headers : [...headers, ['content-length', String(body.length)]];
  return {
    id,
    now_ms: NOW_MS,
    request: { method, url, headers: all, ...(body !== undefined && { body }) },
    options: { ...at.options, ...options },
    fapi,
  };
}

export default function* vectors() {
  yield proxied('get');
  yield proxied('dev', { at: DEV });
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    yield proxied(`${method}`, {
      method,
      body: 'identifier=zoe%40example.org',
      headers: [['content-type', 'application/x-www-form-urlencoded']],
    });
  }
  for (const method of ['HEAD', 'OPTIONS', 'DELETE', 'POST'])
    yield proxied(`${method}/no-body`, { method, fapi: { ...OK, text: method === 'HEAD' ? '' : OK.text } });
  yield* paths();
  yield* options();
  yield* requestHeaders();
  yield* answers();
}

function* paths() {
  const PATHS = {
    root: '',
    slash: '/',
    plain: '/v1/environment',
    query: '/v1/client?a=1&b=%20&a=2',
    'empty-query': '/v1/client?',
    script: '/npm/@clerk/clerk-js@5/dist/clerk.browser.js',
    'two-slashes': '//v1',
    'two-slashes-host': '//elsewhere.example.net/v1',
    dots: '/v1/../../secret',
    'encoded-dots': '/v1/%2e%2e/client',
    'encoded-slash': '/v1%2Fclient',
    backslash: '/v1\\client',
    'encoded-backslash': '/v1%5Cclient',
    unicode: '/v1/%E2%9C%93',
    'bad-percent': '/v1/%zz',
    'encoded-null': '/v1/%00',
    semicolon: '/v1;x',
    'at-sign': '/@elsewhere.example.net/v1',
    colon: '/v1:443',
    space: '/v1/a%20b',
    trailing: '/v1/client/',
    hash: '/v1/client#part',
  };
  for (const [name, path] of Object.entries(PATHS)) yield proxied(`path/${name}`, { path });
  for (const [name, path] of Object.entries({
    other: '/orders',
    longer: '/__clerks/v1',
    upper: '/__CLERK/v1',
    encoded: '/%5F_clerk/v1',
    inside: '/x/__clerk/v1',
  })) {
    yield proxied(`outside/${name}`, { url: PROD.origin + path });
  }
}

function* options() {
  yield proxied('options/path', { url: `${PROD.origin}/api/clerk/v1/client`, options: { proxyPath: '/api/clerk' } });
  yield proxied('options/path-slash', {
    url: `${PROD.origin}/api/clerk/v1/client`,
    options: { proxyPath: '/api/clerk/' },
  });
  yield proxied('options/path-default-used', { options: { proxyPath: '/api/clerk' } });
  yield proxied('options/no-secret-key', { options: { secretKey: undefined } });
  yield proxied('options/no-publishable-key', { options: { publishableKey: undefined } });
  yield proxied('options/bad-publishable-key', { options: { publishableKey: 'pk_live_***' } });
  for (const [name, fapiUrl] of Object.entries({
    path: 'https://fapi.example.org/v0',
    query: 'https://fapi.example.org?x=1',
    user: 'https://u:p@fapi.example.org',
    ftp: 'ftp://fapi.example.org',
    'no-url': 'fapi',
    'plain-http': 'http://fapi.example.org',
    slash: 'https://fapi.example.org/',
  })) {
    yield proxied(`options/upstream-${name}`, { options: { fapiUrl } });
  }
  for (const [name, host] of Object.entries({
    staging: 'quiet-heron-7.clerk.accountsstage.dev',
    local: 'quiet-heron-7.clerk.accounts.lclclerk.com',
    legacy: 'clerk.quiet.heron-7.lcl.dev',
  })) {
    yield proxied(`options/key-${name}`, {
      options: { publishableKey: `pk_test_${Buffer.from(`${host}$`).toString('base64')}` },
    });
  }
}

function* requestHeaders() {
  const HEADERS = {
    ordinary: [
      ['accept', '*/*'],
      ['accept-language', 'fr'],
      ['origin', PROD.origin],
      ['referer', `${PROD.origin}/sign-in`],
      ['user-agent', 'Browser/1.0'],
      ['x-own', '1'],
    ],
    cookie: [['cookie', '__client=c_parity; __client_uat=5']],
    authorization: [['authorization', 'Bearer token']],
    encoding: [['accept-encoding', 'gzip, br']],
    connection: [
      ['connection', 'keep-alive, x-once'],
      ['x-once', '1'],
      ['keep-alive', 'timeout=5'],
    ],
    'te-and-upgrade': [
      ['te', 'trailers'],
      ['upgrade', 'websocket'],
      ['proxy-authorization', 'Basic x'],
    ],
    twice: [
      ['x-own', '1'],
      ['x-own', '2'],
    ],
    'forged-secret': [
      ['clerk-secret-key', 'sk_live_other'],
      ['clerk-proxy-url', 'https://elsewhere.example.net/__clerk'],
    ],
    'forged-underscore': [['clerk_secret_key', 'sk_live_other']],
    'forwarded-host': [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
    'forwarded-lists': [
      ['x-forwarded-host', 'www.example.org, inner.example.org'],
      ['x-forwarded-proto', 'https, http'],
    ],
    'forwarded-host-alone': [['x-forwarded-host', 'www.example.org']],
    'forwarded-proto-alone': [['x-forwarded-proto', 'http']],
    'forwarded-port': [['x-forwarded-port', '8443']],
    standard: [['forwarded', 'for=203.0.113.7']],
    'client-address': [['x-forwarded-for', '203.0.113.7']],
    'client-addresses': [['x-forwarded-for', '203.0.113.7, 10.0.0.1']],
    'real-ip': [
      ['x-real-ip', '203.0.113.8'],
      ['x-forwarded-for', '203.0.113.7'],
    ],
    cloudflare: [
      ['cf-connecting-ip', '203.0.113.9'],
      ['x-real-ip', '203.0.113.8'],
      ['x-forwarded-for', '203.0.113.7'],
    ],
    'address-garbage': [['x-forwarded-for', 'unknown']],
    'other-address-headers': [
      ['true-client-ip', '203.0.113.7'],
      ['x-client-ip', '203.0.113.7'],
    ],
    expect: [['expect', '100-continue']],
    host: [['host', 'www.example.org']],
  };
  for (const [name, headers] of Object.entries(HEADERS)) yield proxied(`request/${name}`, { headers });
}

function* answers() {
  const redirect = location => ({ status: 307, headers: [['location', location]], text: '' });
  const ANSWERS = {
    cookies: {
      ...OK,
      headers: [
        ['set-cookie', '__client=c_new; Path=/; HttpOnly'],
        ['set-cookie', '__client_uat=5; Path=/'],
      ],
    },
    'hop-by-hop': {
      ...OK,
      headers: [
        ['connection', 'x-once'],
        ['x-once', '1'],
        ['keep-alive', 'timeout=5'],
        ['x-own', '1'],
      ],
    },
    cors: {
      ...OK,
      headers: [
        ['access-control-allow-origin', PROD.origin],
        ['access-control-allow-credentials', 'true'],
        ['vary', 'Origin'],
      ],
    },
    'alt-svc': {
      ...OK,
      headers: [
        ['alt-svc', 'h3=":443"'],
        ['strict-transport-security', 'max-age=1'],
      ],
    },
    'secret-echoed': {
      ...OK,
      headers: [
        ['x-echo', PROD.options.secretKey],
        ['clerk-secret-key', PROD.options.secretKey],
      ],
    },
    'not-found': {
      status: 404,
      headers: [['content-type', 'application/json']],
      text: '{"errors":[{"code":"resource_not_found","message":"no"}]}',
    },
    'server-error': { status: 500, headers: [], text: 'broken' },
    'no-content': { status: 204, headers: [] },
    'not-modified': { status: 304, headers: [['etag', '"a"']] },
    html: { status: 200, headers: [['content-type', 'text/html']], text: '<p>x</p>' },
    'redirect-own': redirect(`${UPSTREAM}/v1/done?x=1#y`),
    'redirect-path': redirect('/v1/done'),
    'redirect-relative': redirect('done'),
    'redirect-http': redirect(`${UPSTREAM.replace('https', 'http')}/v1/done`),
    'redirect-port': redirect(`${UPSTREAM}:8443/v1/done`),
    'redirect-application': redirect(`${PROD.origin}/orders`),
    'redirect-elsewhere': redirect('https://elsewhere.example.net/'),
    'redirect-two-slashes': redirect('//frontend-api.clerk.dev/v1/done'),
    'redirect-no-url': redirect('https://['),
    'redirect-app': redirect('exampleapp://done'),
    'network-error': { network_error: 'connection reset' },
    encoded: {
      ...OK,
      headers: [
        ['content-type', 'text/plain'],
        ['cache-control', 'max-age=60'],
        ['etag', '"b"'],
      ],
    },
  };
  for (const [name, fapi] of Object.entries(ANSWERS)) yield proxied(`answer/${name}`, { fapi });
}
