// Which requests may be answered with a redirect to Clerk: method, `Sec-Fetch-Dest`, `Accept`.
import { AGES, DEV, NOW, PROD, cookies, session, vector } from './base.mjs';

const DEST = {
  none: undefined,
  document: 'document',
  iframe: 'iframe',
  empty: 'empty',
  image: 'image',
  script: 'script',
  upper: 'DOCUMENT',
  frame: 'frame',
  worker: 'worker',
  blank: '',
  list: 'document, iframe',
};

const ACCEPT = {
  none: undefined,
  html: 'text/html',
  'html-first': 'text/html,application/xhtml+xml;q=0.9',
  'xhtml-first': 'application/xhtml+xml,text/html',
  json: 'application/json',
  any: '*/*',
  upper: 'TEXT/HTML',
  'like-html': 'text/htmlx',
  'html-weight': 'text/html;q=0',
  blank: '',
};

const STATES = {
  expired: { __session: session(AGES.expired), __client_uat: NOW - 30 },
  'no-session': { __client_uat: NOW - 30 },
};

export default function* vectors() {
  for (const [state, values] of Object.entries(STATES)) {
    for (const [dest, destination] of Object.entries(DEST)) {
      for (const [accept, media] of Object.entries(ACCEPT)) {
        // The destination decides if there is one, so that three kinds of Accept are enough beside it.
        if (destination && !['none', 'html', 'json'].includes(accept)) continue;
        const headers = [
          ['sec-fetch-dest', destination],
          ['accept', media],
          ['cookie', cookies(values)],
        ];
        yield vector(
          `${state}/dest-${dest}/accept-${accept}`,
          PROD,
          headers.filter(([, value]) => value !== undefined),
        );
      }
    }
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      for (const headers of [[['sec-fetch-dest', 'document']], [['accept', 'text/html']]]) {
        yield vector(`${state}/${method}/${headers[0][0]}`, PROD, [...headers, ['cookie', cookies(values)]], {
          method,
        });
      }
    }
  }
  for (const [name, value] of [
    ['prefetch', ['sec-purpose', 'prefetch']],
    ['old-prefetch', ['purpose', 'prefetch']],
    ['xhr', ['x-requested-with', 'XMLHttpRequest']],
    ['next-data', ['x-nextjs-data', '1']],
  ]) {
    yield vector(`${name}`, PROD, [['accept', 'text/html'], value, ['cookie', cookies(STATES['no-session'])]]);
  }
  yield vector('dev/no-cookies/accept-html', DEV, [['accept', 'text/html']]);
  yield vector('dev/no-cookies/none', DEV, []);
}
