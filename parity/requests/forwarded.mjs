// The request's own address behind a proxy: forwarding headers and `Host`.
import { NOW, PROD, page, signedIn } from './base.mjs';

const host = value => ['x-forwarded-host', value];
const proto = value => ['x-forwarded-proto', value];

const HEADERS = {
  none: [],
  host: [host('www.example.org')],
  both: [host('www.example.org'), proto('https')],
  'both-http': [host('www.example.org'), proto('http')],
  proto: [proto('http')],
  'host-with-port': [host('www.example.org:8443')],
  'host-with-default-port': [host('www.example.org:443'), proto('https')],
  'host-list': [host('www.example.org, inner.example.org')],
  'host-list-no-space': [host('www.example.org,inner.example.org')],
  'host-twice': [host('www.example.org'), host('inner.example.org')],
  'proto-list': [host('www.example.org'), proto('https,http')],
  'proto-list-space': [host('www.example.org'), proto('https, http')],
  'proto-upper': [host('www.example.org'), proto('HTTPS')],
  'proto-colon': [host('www.example.org'), proto('https:')],
  'proto-other': [host('www.example.org'), proto('ftp')],
  'proto-no-scheme': [host('www.example.org'), proto('9x')],
  'host-no-host': [host('not a host')],
  'host-empty': [host('')],
  'proto-empty': [host('www.example.org'), proto('')],
  'host-comma-first': [host(',www.example.org')],
  'host-user': [host('zoe@www.example.org')],
  'host-path': [host('www.example.org/x')],
  'host-upper': [host('WWW.Example.ORG')],
  'host-same': [host('shop.example.org'), proto('https')],
  'host-header': [['host', 'www.example.org']],
  'host-header-same': [['host', 'shop.example.org']],
  'host-header-with-port': [['host', 'shop.example.org:8443']],
  'host-header-and-forwarded': [['host', 'inner.example.org'], host('www.example.org'), proto('https')],
  'host-header-and-proto': [['host', 'www.example.org'], proto('https')],
  port: [host('www.example.org'), proto('https'), ['x-forwarded-port', '8443']],
  'port-alone': [['x-forwarded-port', '8443']],
  prefix: [host('www.example.org'), ['x-forwarded-prefix', '/app']],
  standard: [['forwarded', 'for=203.0.113.7;host=www.example.org;proto=https']],
  cloudfront: [
    ['cloudfront-forwarded-proto', 'http'],
    ['host', 'www.example.org'],
  ],
  'original-host': [['x-original-host', 'www.example.org']],
};

export default function* vectors() {
  for (const [name, headers] of Object.entries(HEADERS)) {
    yield page(`handshake/${name}`, PROD, { __client_uat: NOW - 30 }, { headers });
    yield page(
      `inner/${name}`,
      PROD,
      { __client_uat: NOW - 30 },
      { headers, url: 'http://10.0.0.5:3000/orders?page=2' },
    );
    // Whether the referrer is another site depends on the request's own address.
    yield page(`referrer/${name}`, PROD, signedIn(PROD), {
      headers: [['referer', 'https://www.example.org/'], ...headers],
    });
  }
}
