// The primary application answers a satellite that wants to know who is signed in.
import { AGES, DEV, INSTANCES, NOW, page, fetched, session, signedIn } from './base.mjs';

const of = at => (at === DEV ? 'http://store.localhost:5000' : 'https://store.example.com');

const TARGETS = {
  plain: at => `${of(at)}/offers?a=1`,
  'synced-false': at => `${of(at)}/offers?__clerk_synced=false`,
  'synced-twice': at => `${of(at)}/offers?__clerk_synced=false&__clerk_synced=false`,
  'with-browser': at => `${of(at)}/offers?__clerk_db_jwt=dvb_old`,
  fragment: at => `${of(at)}/offers#part`,
  'space-in-query': at => `${of(at)}/offers?q=a b+c`,
  port: at => `${of(at)}:8443/`,
  relative: () => '/offers',
  'scheme-relative': () => '//store.example.com/offers',
  'no-url': () => 'store',
  empty: () => '',
  script: () => 'javascript:alert(1)',
  data: () => 'data:text/html,x',
  mail: () => 'mailto:zoe@example.org',
  upper: at => of(at).toUpperCase(),
};

const COOKIES = {
  none: () => ({}),
  browser: () => ({ __clerk_db_jwt: 'dvb_parity' }),
  'signed-in': at => ({ ...signedIn(at), __clerk_db_jwt: 'dvb_parity' }),
  'signed-out': () => ({ __client_uat: 0, __clerk_db_jwt: 'dvb_parity' }),
  expired: at => ({ __session: session(AGES.expired, at), __client_uat: NOW - 30, __clerk_db_jwt: 'dvb_parity' }),
};

export default function* vectors() {
  for (const at of INSTANCES) {
    const url = target => `${at.origin}/sign-in?__clerk_redirect_url=${encodeURIComponent(target)}`;
    for (const [target, make] of Object.entries(TARGETS)) {
      for (const [cookies, values] of Object.entries(COOKIES)) {
        yield page(`${at.name}/${target}/${cookies}`, at, values(at), { url: url(make(at)) });
      }
    }
    const plain = url(TARGETS.plain(at));
    yield fetched(`${at.name}/fetch`, at, COOKIES['signed-in'](at), { url: plain });
    yield page(`${at.name}/post`, at, COOKIES['signed-in'](at), { url: plain, method: 'POST' });
    yield page(`${at.name}/synced-parameter`, at, COOKIES['signed-in'](at), { url: `${plain}&__clerk_synced=true` });
    for (const count of [1, 2, 3])
      yield page(`${at.name}/count-${count}`, at, { ...COOKIES.none(), __clerk_redirect_count: count }, { url: plain });
  }
}
