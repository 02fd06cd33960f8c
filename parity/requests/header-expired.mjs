// An expired token in the header: whether a browser is sent to a handshake, or its token is refreshed.
import { AGES, DEV, INSTANCES, NOW, PROD, bearer, page, session, suffixOf } from './base.mjs';

const PLACES = {
  document: [['sec-fetch-dest', 'document']],
  iframe: [['sec-fetch-dest', 'iframe']],
  empty: [['sec-fetch-dest', 'empty']],
  'accept-html': [['accept', 'text/html']],
  none: [],
};

const cookie = text => ['cookie', text];
const refreshed = at => ({
  refresh: { status: 200, body: { object: 'cookies', cookies: [`__session=${session({}, at)}; Path=/`] } },
});

export default function* vectors() {
  for (const at of INSTANCES) {
    const token = session(AGES.expired, at);
    const refresh = cookie(`__refresh_${suffixOf(at.options.publishableKey)}=rt_parity`);
    for (const [place, headers] of Object.entries(PLACES)) {
      yield bearer(`${at.name}/${place}/alone`, at, token, { headers });
      yield bearer(`${at.name}/${place}/refresh-cookie`, at, token, {
        headers: [...headers, refresh],
        bapi: refreshed(at),
      });
    }
    yield bearer(`${at.name}/cookie-token-too`, at, token, {
      headers: [...PLACES.document, cookie(`__session=${session({ sub: 'user_cookie' }, at)}; __client_uat=1`)],
    });
    yield bearer(`${at.name}/other-session-in-cookie`, at, token, {
      headers: [
        ...PLACES.document,
        cookie(
          `__session=${session({ sid: 'sess_cookie', exp: NOW - 60 }, at)}; __refresh_${suffixOf(at.options.publishableKey)}=rt_parity`,
        ),
      ],
      bapi: refreshed(at),
    });
  }
  yield bearer('dev-browser', DEV, session(AGES.expired, DEV), {
    headers: [...PLACES.document, cookie('__clerk_db_jwt=dvb_parity')],
  });
  for (const count of [0, 2, 3, 4]) {
    const headers = [...PLACES.document, cookie(`__clerk_redirect_count=${count}`)];
    yield bearer(`count-${count}`, PROD, session(AGES.expired), { headers });
  }
  for (const acceptsToken of ['any', ['session_token', 'api_key'], ['api_key']]) {
    yield bearer(`accepts-${acceptsToken}`, PROD, session(AGES.expired), {
      headers: PLACES.document,
      options: { acceptsToken },
    });
  }
  yield page('post', PROD, {}, { method: 'POST', headers: [['authorization', `Bearer ${session(AGES.expired)}`]] });
}
