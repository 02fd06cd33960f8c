// The cookie that counts redirects, so that a browser is not sent around forever.
import { AGES, DEV, NOW, PROD, page, session, suffixOf } from './base.mjs';

const COUNTS = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '10',
  '1000',
  '3abc',
  'abc',
  '%203%20',
  '3.0',
  '2.5',
  '2.9999',
  '0x3',
  '0b11',
  '0o3',
  '-1',
  '+3',
  '03',
  '',
  '1e21',
  '1e400',
  'Infinity',
  'NaN',
  '9007199254740993',
];

const STATES = {
  'no-session': [PROD, { __client_uat: NOW - 30 }],
  expired: [PROD, { __session: session(AGES.expired), __client_uat: NOW - 30 }],
  'no-browser': [DEV, {}],
};

export default function* vectors() {
  for (const [state, [at, values]] of Object.entries(STATES)) {
    for (const count of COUNTS) {
      yield page(`${state}/count-${count}`, at, { ...values, __clerk_redirect_count: count });
    }
  }
  const suffixed = `__clerk_redirect_count_${suffixOf(PROD.options.publishableKey)}`;
  yield page('suffixed-count', PROD, { __client_uat: NOW - 30, [suffixed]: 3 });
  yield page(
    'two-counts',
    PROD,
    { __client_uat: NOW - 30 },
    { headers: [['cookie', '__clerk_redirect_count=1; __clerk_redirect_count=3']] },
  );
  yield page('signed-in', PROD, { __session: session(), __client_uat: NOW - 30, __clerk_redirect_count: 3 });
}
