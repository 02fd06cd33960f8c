// Cookies with and without the suffix of an instance: which of the two belong to this application.
import { INSTANCES, NOW, PROD, page, session, suffixOf } from './base.mjs';

const TOKENS = { none: undefined, fresh: {}, expired: { exp: NOW - 60 }, older: { iat: NOW - 1000 } };
const CHANGES = { none: undefined, zero: 0, set: NOW - 30 };

/** A token of this instance, with a subject that tells which cookie was read. */
const tokenOf = (claims, sub, at) => claims && session({ sub, ...claims }, at);

const present = values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

export default function* vectors() {
  for (const at of INSTANCES) {
    const suffix = suffixOf(at.options.publishableKey);
    const browser = at === PROD ? {} : { __clerk_db_jwt: 'dvb_parity' };
    for (const [plain, plainClaims] of Object.entries(TOKENS)) {
      for (const [suffixed, suffixedClaims] of Object.entries(TOKENS)) {
        for (const [uat, plainUat] of Object.entries(CHANGES)) {
          for (const [other, suffixedUat] of Object.entries(CHANGES)) {
            const cookies = present({
              __session: tokenOf(plainClaims, 'user_plain', at),
              [`__session_${suffix}`]: tokenOf(suffixedClaims, 'user_suffixed', at),
              __client_uat: plainUat,
              [`__client_uat_${suffix}`]: suffixedUat,
              ...browser,
            });
            yield page(`${at.name}/plain-${plain}/suffixed-${suffixed}/uat-${uat}/suffixed-uat-${other}`, at, cookies);
          }
        }
      }
    }
    yield* mixed(at, suffix);
  }
}

/** Sessions of another instance on the same host, and cookies of one kind alone. */
function* mixed(at, suffix) {
  const foreign = session({ iss: 'https://clerk.other.example.com', sub: 'user_other' }, at);
  const own = session({ sub: 'user_suffixed' }, at);
  const uat = { __client_uat: NOW - 30, [`__client_uat_${suffix}`]: NOW - 30 };
  yield page(`${at.name}/plain-of-another-issuer`, at, { __session: foreign, [`__session_${suffix}`]: own, ...uat });
  yield page(`${at.name}/suffixed-of-another-issuer`, at, { __session: own, [`__session_${suffix}`]: foreign, ...uat });
  yield page(`${at.name}/plain-is-newer`, at, {
    __session: session({ sub: 'user_plain', iat: NOW - 5 }, at),
    [`__session_${suffix}`]: own,
    ...uat,
  });
  yield page(`${at.name}/plain-is-garbage`, at, { __session: 'garbage', [`__session_${suffix}`]: own, ...uat });
  yield page(`${at.name}/suffixed-is-garbage`, at, { __session: own, [`__session_${suffix}`]: 'garbage', ...uat });
  yield page(`${at.name}/suffix-of-another-instance`, at, { __session_abcdefgh: own, __client_uat_abcdefgh: NOW - 30 });
  yield page(`${at.name}/dev-browser-suffixed`, at, { [`__clerk_db_jwt_${suffix}`]: 'dvb_suffixed', ...uat });
  yield page(`${at.name}/dev-browser-both`, at, {
    __clerk_db_jwt: 'dvb_plain',
    [`__clerk_db_jwt_${suffix}`]: 'dvb_suffixed',
    ...uat,
  });
}
