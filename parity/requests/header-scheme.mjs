// Forms of the `Authorization` header, alone and beside the cookies of a signed-in browser.
import { PROD, cookies, session, signedIn, vector } from './base.mjs';

const token = session({ sub: 'user_header' });
const signed = cookies(signedIn(PROD, { sub: 'user_cookie' }));

const FORMS = {
  absent: undefined,
  empty: '',
  'bearer-only': 'Bearer',
  'bearer-space': 'Bearer ',
  'bearer-good': `Bearer ${token}`,
  'bearer-two-spaces': `Bearer  ${token}`,
  'bearer-tab': `Bearer\t${token}`,
  'lowercase-bearer': `bearer ${token}`,
  'uppercase-bearer': `BEARER ${token}`,
  'mixed-case-bearer': `bEaReR ${token}`,
  'bearer-no-space': `Bearer${token}`,
  'bearer-colon': `Bearer: ${token}`,
  'token-alone': token,
  'token-and-word': `${token} more`,
  basic: 'Basic c2hvcDpzZWNyZXQ=',
  'basic-word': 'Basic',
  'other-scheme': `Token ${token}`,
  'bearer-and-word': `Bearer ${token} more`,
  'bearer-twice': `Bearer Bearer ${token}`,
  'leading-space': ` Bearer ${token}`,
  'trailing-space': `Bearer ${token} `,
  'bearer-garbage': 'Bearer not-a-token',
  garbage: 'not-a-token',
  'bearer-latin1': 'Bearer caf\u00e9',
  'bearer-comma': `Bearer ${token}, Bearer ${token}`,
  'bearer-undefined': 'Bearer undefined',
  'bearer-null': 'Bearer null',
  'bearer-quoted': `Bearer "${token}"`,
  'leading-dot': `Bearer .${token}`,
  'trailing-dot': `Bearer ${token}.`,
  'spaces-only': '   ',
  quoted: `"Bearer ${token}"`,
};

export default function* vectors() {
  for (const [form, value] of Object.entries(FORMS)) {
    const header = value === undefined ? [] : [['authorization', value]];
    yield vector(`${form}/alone`, PROD, header);
    yield vector(`${form}/with-cookies`, PROD, [...header, ['cookie', signed]]);
  }
  const twice = ['first', 'second'].map(sub => ['authorization', `Bearer ${session({ sub })}`]);
  yield vector('repeated', PROD, twice);
  yield vector('upper-case-name', PROD, [['AUTHORIZATION', `Bearer ${token}`]]);
  yield vector('post', PROD, [['authorization', `Bearer ${token}`]], { method: 'POST' });
}
