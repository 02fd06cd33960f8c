// Values of `__client_uat` that are no plain number, and the order in which a cookie's faults are found.
import { NOW, PROD, m2mJwt, page, session } from './base.mjs';

const VALUES = {
  text: 'soon',
  'digits-and-text': '99abc',
  negative: '-3',
  float: `${NOW - 20}.7`,
  exponent: '1e3',
  space: '%2012',
  plus: '+12',
  empty: '',
  'negative-zero': '-0',
  nan: 'NaN',
  infinity: 'Infinity',
  'leading-zeros': '0000000012',
  quoted: '"12"',
  'after-iat-by-half': `${NOW - 9.5}`,
  hexadecimal: '0xff',
  large: '99999999999999999999',
  underscore: '1_000',
  zero: '0',
  'zero-point': '0.0',
  double: '00',
};

const IAT = {
  text: String(NOW - 10),
  'small-text': '5',
  list: [NOW - 10],
  null: null,
  missing: undefined,
  float: NOW - 10.5,
  huge: 1e20,
};

export default function* vectors() {
  for (const [name, value] of Object.entries(VALUES)) {
    yield page(`session/${name}`, PROD, { __session: session(), __client_uat: value });
    yield page(`none/${name}`, PROD, { __client_uat: value });
  }
  for (const [name, iat] of Object.entries(IAT)) {
    for (const [when, uat] of [
      ['before', NOW - 100],
      ['after', NOW - 1],
    ]) {
      yield page(`iat-${name}/${when}`, PROD, { __session: session({ iat }), __client_uat: uat });
    }
  }
  const faults = {
    expired: session({ exp: NOW - 60 }),
    foreign: session({}, PROD, { key: 'foreign' }),
    template: session({}, PROD, { header: { cat: 'cl_B7d4PD222AAA' } }),
    typ: session({}, PROD, { header: { typ: 'foo' } }),
    machine: m2mJwt(),
  };
  for (const [name, token] of Object.entries(faults)) {
    yield page(`older-and-${name}`, PROD, { __session: token, __client_uat: NOW - 1 });
    yield page(`${name}-without-uat`, PROD, { __session: token });
  }
}
