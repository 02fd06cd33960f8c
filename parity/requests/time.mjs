// The dates of a token around "now", with several tolerances, and dates that are no dates.
import { NOW, NOW_MS, PROD, bearer, fetched, page, session } from './base.mjs';

/** Seconds from now that matter: the default tolerance is 5 seconds. */
const OFFSETS = [-86401, -3600, -60, -7, -6, -5, -4, -1, 0, 1, 4, 5, 6, 7, 60, 3600];

const SKEWS = [0, 1, 999, 1000, 5000, 60_000, 0.5, -1000];

const VALUES = {
  missing: undefined,
  null: null,
  string: String(NOW + 50),
  text: 'soon',
  float: NOW + 50.5,
  negative: -1,
  zero: 0,
  milliseconds: NOW_MS + 50_000,
  list: [NOW + 50],
  object: {},
  true: true,
  false: false,
  'too-large': 9e15,
  tiny: 1e-7,
};

export default function* vectors() {
  for (const claim of ['exp', 'nbf', 'iat']) {
    for (const offset of OFFSETS) {
      const name = `${claim}${offset < 0 ? '' : '+'}${offset}`;
      const token = session({ [claim]: NOW + offset });
      const cookies = { __session: token, __client_uat: 1 };
      yield bearer(`header/${name}`, PROD, token);
      yield page(`page/${name}`, PROD, cookies);
      yield fetched(`fetch/${name}`, PROD, cookies);
    }
    for (const skew of SKEWS) {
      for (const offset of [-1, 0, 1]) {
        const token = session({ [claim]: NOW + offset });
        yield bearer(`skew-${skew}/${claim}${offset}`, PROD, token, { options: { clockSkewInMs: skew } });
      }
    }
    for (const [name, value] of Object.entries(VALUES)) {
      const token = session({ [claim]: value });
      yield bearer(`value/${claim}-${name}`, PROD, token);
      yield bearer(`value-any/${claim}-${name}`, PROD, token, { options: { acceptsToken: 'any' } });
    }
  }
  for (const milliseconds of [-1, 1, 499, 500, 999]) {
    for (const [claim, offset] of [
      ['exp', -5],
      ['exp', -4],
      ['nbf', 5],
      ['iat', 5],
    ]) {
      const token = session({ [claim]: NOW + offset });
      yield bearer(`clock-${milliseconds}ms/${claim}${offset}`, PROD, token, { now_ms: NOW_MS + milliseconds });
    }
  }
  for (const skew of ['5000', null, 'text']) {
    yield bearer(`skew-value/${skew}`, PROD, session({ exp: NOW - 3 }), { options: { clockSkewInMs: skew } });
  }
  yield bearer('order/expired-and-early', PROD, session({ exp: NOW - 60, nbf: NOW + 60 }));
  yield bearer('order/early-and-future', PROD, session({ nbf: NOW + 60, iat: NOW + 60 }));
  yield bearer('order/expired-and-foreign', PROD, session({ exp: NOW - 60 }, PROD, { key: 'foreign' }));
}
