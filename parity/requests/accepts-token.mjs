// Which kind of token an application accepts, and which it gets.
import { CATEGORY, PROD, bearer, m2mJwt, oauthJwt, page, session, signedIn, vector } from './base.mjs';

const TOKENS = {
  session: session(),
  'session-expired': session({ exp: 1_700_000_000 }),
  'session-foreign': session({}, PROD, { key: 'foreign' }),
  'session-of-machine': session({ sub: 'mch_caller' }),
  template: session({}, PROD, { header: { cat: CATEGORY.template } }),
  'api-key': 'ak_parity',
  'm2m-opaque': 'mt_parity',
  'm2m-jwt': m2mJwt(),
  'oauth-opaque': 'oat_parity',
  'oauth-jwt': oauthJwt(),
  garbage: 'not-a-token',
};

const ACCEPTS = {
  default: undefined,
  session: 'session_token',
  'api-key': 'api_key',
  m2m: 'm2m_token',
  oauth: 'oauth_token',
  any: 'any',
  'session+api-key': ['session_token', 'api_key'],
  machines: ['api_key', 'm2m_token', 'oauth_token'],
  'session+m2m': ['session_token', 'm2m_token'],
  'oauth+m2m': ['oauth_token', 'm2m_token'],
  all: ['session_token', 'api_key', 'm2m_token', 'oauth_token'],
  'list-of-one': ['oauth_token'],
  'empty-list': [],
};

const bapi = { m2m_verify: 'ok', oauth_verify: 'ok', api_key_verify: 'ok_user' };

export default function* vectors() {
  for (const [name, acceptsToken] of Object.entries(ACCEPTS)) {
    const options = acceptsToken === undefined ? {} : { acceptsToken };
    yield vector(`${name}/none`, PROD, [], { options, bapi });
    for (const [token, value] of Object.entries(TOKENS))
      yield bearer(`${name}/${token}`, PROD, value, { options, bapi });
    yield page(`${name}/cookies`, PROD, signedIn(PROD), { options, bapi });
    yield page(`${name}/cookies-and-api-key`, PROD, signedIn(PROD), {
      options,
      bapi,
      headers: [['authorization', 'Bearer ak_parity']],
    });
    yield page(`${name}/cookies-and-oauth`, PROD, signedIn(PROD), {
      options,
      bapi,
      headers: [['authorization', 'Bearer oat_parity']],
    });
    yield page(`${name}/page-without-cookies`, PROD, {}, { options, bapi });
  }
}
