// An expired cookie beside a refresh cookie: the call, its answers, and the state that follows.
import { keys } from '../recorder/tokens.mjs';
import { canned } from './answers.mjs';
import { AGES, DEV, INSTANCES, NOW, PROD, fetched, page, session, suffixOf } from './base.mjs';

const PEM = keys.current.public;
const refreshName = at => `__refresh_${suffixOf(at.options.publishableKey)}`;
const expired = (at, changes) => session({ ...AGES.expired, ...changes }, at);
const stale = (at, changes) => ({
  __session: expired(at, changes),
  __client_uat: NOW - 1000,
  [refreshName(at)]: 'rt_parity',
  ...(at === DEV && { __clerk_db_jwt: 'dvb_parity' }),
});
const answer = (cookies, more) => ({ status: 200, body: { object: 'cookies', cookies }, ...more });
const sessionCookie = token => `__session=${token}; Path=/; Secure; SameSite=Lax`;

/** Answers of the endpoint: name -> answer for an instance. */
const ANSWERS = {
  ok: at => answer([sessionCookie(session({}, at))]),
  'ok-suffixed': at => answer([`__session_${suffixOf(at.options.publishableKey)}=${session({}, at)}; Path=/`]),
  'ok-more-cookies': at =>
    answer([`__client_uat=${NOW - 5}; Path=/`, sessionCookie(session({}, at)), '__refresh_x=; Max-Age=0']),
  'ok-other-suffix-last': at =>
    answer([
      sessionCookie(session({ sub: 'user_first' }, at)),
      `__session_other=${session({ sub: 'user_last' }, at)}; Path=/`,
    ]),
  'no-session': () => answer(['__client_uat=0; Path=/']),
  'session-empty': () => answer(['__session=; Path=/; Max-Age=0']),
  'ok-expired': at => answer([sessionCookie(expired(at))]),
  'ok-foreign': at => answer([sessionCookie(session({}, at, { key: 'foreign' }))]),
  'ok-pending': at => answer([sessionCookie(session({ sts: 'pending' }, at))]),
  'ok-template': at => answer([sessionCookie(session({}, at, { header: { cat: 'cl_B7d4PD222AAA' } }))]),
  'ok-other-user': at => answer([sessionCookie(session({ sub: 'user_other', sid: 'sess_other' }, at))]),
  'ok-garbage': () => answer([sessionCookie('garbage')]),
  'ok-charset': at =>
    answer([sessionCookie(session({}, at))], { headers: { 'content-type': 'application/json; charset=utf-8' } }),
  'ok-without-object': at => ({ status: 200, body: { cookies: [sessionCookie(session({}, at))] } }),
  'ok-space-in-name': at => answer([` __session = ${session({}, at)}`]),
  'ok-equals-in-value': at => answer([`__session=${session({}, at)}==; Path=/`]),
  'cookies-null': () => answer(null),
  'cookies-missing': () => ({ status: 200, body: { object: 'cookies' } }),
  'cookies-text': () => answer('__session=x'),
  'body-null': () => ({ status: 200, body: null }),
  'body-list': () => ({ status: 200, body: [] }),
  'token-format': at => ({ status: 200, body: { object: 'token', jwt: session({}, at) } }),
};

export default function* vectors() {
  for (const at of INSTANCES) {
    for (const [name, make] of Object.entries(ANSWERS)) {
      yield page(`${at.name}/${name}/page`, at, stale(at), { bapi: { refresh: make(at) } });
      yield fetched(`${at.name}/${name}/fetch`, at, stale(at), { bapi: { refresh: make(at) } });
    }
    for (const name of Object.keys(canned.refresh)) {
      yield page(`${at.name}/${name}/page`, at, stale(at), { bapi: { refresh: name } });
      yield fetched(`${at.name}/${name}/fetch`, at, stale(at), { bapi: { refresh: name } });
    }
    yield page(
      `${at.name}/plain-refresh-cookie`,
      at,
      { ...stale(at), [refreshName(at)]: undefined, __refresh: 'rt_plain' },
      { bapi: { refresh: ANSWERS.ok(at) } },
    );
    const suffix = suffixOf(at.options.publishableKey);
    const { __session, __client_uat, ...others } = stale(at);
    yield page(
      `${at.name}/suffixed-cookies`,
      at,
      { ...others, [`__session_${suffix}`]: __session, [`__client_uat_${suffix}`]: __client_uat },
      { bapi: { refresh: ANSWERS.ok(at) } },
    );
  }
  const ok = { refresh: ANSWERS.ok(PROD) };
  const SIDS = {
    missing: undefined,
    empty: '',
    slash: 'a/b',
    dots: '../users',
    space: 'a b',
    encoded: 'a%2Fb',
    question: 'a?b',
    hash: 'a#b',
    unicode: 'sess_\u2713',
    number: 5,
    null: null,
  };
  for (const [name, sid] of Object.entries(SIDS)) {
    yield page(`sid-${name}`, PROD, stale(PROD, { sid }), { bapi: ok });
  }
  yield page('early-token', PROD, { ...stale(PROD), __session: session(AGES.early) }, { bapi: ok });
  yield page('post', PROD, stale(PROD), { method: 'POST', bapi: ok });
  yield page('head', PROD, stale(PROD), { method: 'HEAD', bapi: ok });
  yield page('count-3', PROD, { ...stale(PROD), __clerk_redirect_count: 3 }, { bapi: { refresh: 'server_error' } });
  yield page('headers-sent-on', PROD, stale(PROD), {
    headers: [
      ['user-agent', 'Browser/1.0'],
      ['x-forwarded-for', '203.0.113.7'],
      ['accept-language', 'fr'],
      ['x-own', 'one'],
      ['x-own', 'two'],
      ['origin', 'https://shop.example.org'],
    ],
    bapi: ok,
  });
  yield page('forwarded', PROD, stale(PROD), {
    headers: [
      ['x-forwarded-host', 'www.example.org'],
      ['x-forwarded-proto', 'https'],
    ],
    bapi: ok,
  });
  yield page('parties-mismatch', PROD, stale(PROD), {
    options: { authorizedParties: ['https://www.example.org'] },
    bapi: ok,
  });
  yield page('pem', PROD, stale(PROD), { options: { jwtKey: PEM }, bapi: ok });
  yield page('no-secret-key', PROD, stale(PROD), { options: { secretKey: undefined, jwtKey: PEM }, bapi: ok });
  yield page('api-address', PROD, stale(PROD), { options: { apiUrl: 'https://api.example.org' }, bapi: ok });
  yield page('referrer', PROD, stale(PROD), { headers: [['referer', 'https://elsewhere.example.net/']], bapi: ok });
  yield page('expired-keys-unavailable', PROD, stale(PROD), { bapi: { ...ok, jwks: 'server_error' } });
  yield page('organization', PROD, stale(PROD), {
    url: 'https://shop.example.org/orgs/acme',
    options: { organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'] } },
    bapi: ok,
  });
}
