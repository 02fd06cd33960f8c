// Which cookies a browser has, and what follows: signed in, signed out, or a handshake.
import { AGES, INSTANCES, NOW, PROD, fetched, page, session } from './base.mjs';

/** When the browser's client changed last, relative to the token's `iat`. */
const CHANGES = { none: undefined, zero: 0, before: NOW - 30, equal: NOW - 10, after: NOW - 5, future: NOW + 100 };

const TOKENS = {
  none: () => undefined,
  empty: () => '',
  ...Object.fromEntries(Object.entries(AGES).map(([name, claims]) => [name, at => session(claims, at)])),
  foreign: at => session({}, at, { key: 'foreign' }),
  garbage: () => 'not-a-token',
  template: at => session({}, at, { header: { cat: 'cl_B7d4PD222AAA' } }),
};

export default function* vectors() {
  for (const at of INSTANCES) {
    for (const [token, make] of Object.entries(TOKENS)) {
      for (const [change, uat] of Object.entries(CHANGES)) {
        for (const db of at === PROD ? [false] : [true, false]) {
          const value = make(at);
          const cookies = {
            ...(value !== undefined && { __session: value }),
            ...(uat !== undefined && { __client_uat: uat }),
            ...(db && { __clerk_db_jwt: 'dvb_parity' }),
          };
          const id = `${at.name}/${token}/uat-${change}${at === PROD ? '' : db ? '/browser' : '/no-browser'}`;
          yield page(`${id}/page`, at, cookies);
          if (['zero', 'before', 'after'].includes(change) && ['fresh', 'expired', 'none'].includes(token)) {
            yield fetched(`${id}/fetch`, at, cookies);
          }
        }
      }
    }
  }
  for (const name of ['__clerk_db_jwt', '__dev_session']) {
    yield page(
      `dev-browser-in-address/${name}`,
      INSTANCES[1],
      {},
      { url: `http://localhost:4000/orders?${name}=dvb_address` },
    );
  }
}
