// How the `Cookie` header is read.
import { NOW, PROD, session, vector } from './base.mjs';

const first = session({ sub: 'user_first' });
const second = session({ sub: 'user_second' });
const uat = `__client_uat=${NOW - 30}`;

const HEADERS = {
  plain: [`__session=${first}; ${uat}`],
  'first-wins': [`__session=${first}; __session=${second}; ${uat}`],
  'first-is-empty': [`__session=; __session=${second}; ${uat}`],
  'two-headers': [`__session=${first}`, uat],
  'same-in-two-headers': [`__session=${first}; ${uat}`, `__session=${second}`],
  'no-space': [`__session=${first};${uat}`],
  'spaces-around': [`  __session = ${first} ;   ${uat} `],
  tabs: [`__session=${first};\t${uat}`],
  comma: [`__session=${first}, ${uat}`],
  'percent-encoded': [`__session=${first.replaceAll('.', '%2E')}; ${uat}`],
  'percent-broken': [`other=%zz; __session=${first}; ${uat}`],
  'percent-broken-own': [`__session=${first}%zz; ${uat}`],
  'delimiter-encoded': [`__session%3D${first}; ${uat}`],
  'name-encoded': [`%5F%5Fsession=${first}; ${uat}`],
  'name-in-upper-case': [`__SESSION=${first}; ${uat}`],
  quoted: [`__session="${first}"; ${uat}`],
  'no-value': [`__session; ${uat}`],
  'no-name': [`=${first}; ${uat}`],
  'empty-parts': [`;; __session=${first};; ;${uat};`],
  'equals-in-value': [`__session=${first}=; ${uat}`],
  plus: [`__session=+${first}; ${uat}`],
  dollar: [`$Version=1; __session=${first}; $Path=/; ${uat}`],
  latin1: [`caf\u00e9=cr\u00e8me; __session=${first}; ${uat}`],
  'percent-byte-order-mark': [`__session=%EF%BB%BF${first}; ${uat}`],
  'inherited-name': [`__proto__=x; constructor=y; __session=${first}; ${uat}`],
  empty: [''],
  'only-semicolons': [';;;'],
};

export default function* vectors() {
  for (const [name, values] of Object.entries(HEADERS)) {
    const headers = values.map(value => ['cookie', value]);
    yield vector(name, PROD, [['sec-fetch-dest', 'document'], ...headers]);
  }
}
