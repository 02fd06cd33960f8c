// Request targets that are no address of a page. `target` is what stands in the first line of the request; as Clerk's
// adapters for servers do, the recorder resolves it against the server's origin.
import { NOW, PROD, vector } from './base.mjs';

const TARGETS = {
  star: ['*', 'OPTIONS'],
  'star-get': '*',
  authority: ['shop.example.org:443', 'CONNECT'],
  'absolute-own': 'https://shop.example.org/orders',
  'absolute-other': 'https://elsewhere.example.net/orders',
  'absolute-http': 'http://shop.example.org/orders',
  'absolute-no-host': 'http:///orders',
  'absolute-bad': 'http://[',
  'absolute-port': 'https://shop.example.org:99999/',
  'two-slashes': '//',
  'two-slashes-host': '//elsewhere.example.net/orders',
  'three-slashes': '///elsewhere.example.net',
  'slash-backslash': '/\\elsewhere.example.net',
  backslash: '\\orders',
  empty: '',
  question: '?page=2',
  relative: 'orders',
  dots: '/../../orders',
  'dots-only': '/..',
  'encoded-dots': '/%2e%2e/orders',
  'two-slashes-inside': '/a//b',
  'bad-percent': '/%zz',
  'bad-utf8': '/%ff',
  unicode: '/caf\u00e9',
  'encoded-slash': '/a%2Fb',
  'encoded-null': '/a%00b',
  hash: '/orders#part',
  'hash-only': '#',
  scheme: 'javascript:alert(1)',
  'other-scheme': 'ftp://shop.example.org/x',
  'user-info': 'https://zoe:secret@shop.example.org/',
  bracket: '/[x]',
  pipe: '/a|b',
  quote: '/"x"',
  less: '/<x>',
  'at-sign': '/@elsewhere.example.net',
  semicolon: '/;x',
  'colon-first': ':80/',
  'path-with-scheme': '/https://elsewhere.example.net/',
  'query-with-slashes': '/?//elsewhere.example.net',
};

const document = [
  ['sec-fetch-dest', 'document'],
  ['cookie', `__client_uat=${NOW - 30}`],
];
const BROWSERS = { handshake: document, 'with-host': [['host', 'shop.example.org'], ...document], nothing: [] };

export default function* vectors() {
  for (const [name, value] of Object.entries(TARGETS)) {
    const [target, method] = Array.isArray(value) ? value : [value, 'GET'];
    for (const [browser, headers] of Object.entries(BROWSERS)) {
      const { request, ...rest } = vector(`${name}/${browser}`, PROD, headers, { method, url: PROD.origin });
      yield { ...rest, request: { ...request, target } };
    }
  }
}
