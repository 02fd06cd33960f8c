// Programs that send a machine's token over HTTP: where it stands in the request, and what stands beside it.
import { PROD, cookies, m2mJwt, oauthJwt, session, signedIn, vector } from './base.mjs';

const TOKENS = {
  'api-key': 'ak_parity',
  'm2m-opaque': 'mt_parity',
  'm2m-jwt': m2mJwt(),
  'oauth-opaque': 'oat_parity',
  'oauth-jwt': oauthJwt(),
};
const ACCEPTS = {
  any: 'any',
  all: ['session_token', 'api_key', 'm2m_token', 'oauth_token'],
  machines: ['api_key', 'm2m_token', 'oauth_token'],
};
const OWN = {
  'api-key': 'api_key',
  'm2m-opaque': 'm2m_token',
  'm2m-jwt': 'm2m_token',
  'oauth-opaque': 'oauth_token',
  'oauth-jwt': 'oauth_token',
};

const bapi = { m2m_verify: 'ok', oauth_verify: 'ok', api_key_verify: 'ok_user' };
const authorization = value => ['authorization', value];
const cookie = values => ['cookie', cookies(values)];

/** Requests around a token: name -> headers, and what else is unusual. */
const REQUESTS = {
  post: token => [[authorization(`Bearer ${token}`)], { method: 'POST' }],
  options: token => [[authorization(`Bearer ${token}`)], { method: 'OPTIONS' }],
  alone: token => [[authorization(token)]],
  'lower-case': token => [[authorization(`bearer ${token}`)]],
  basic: token => [[authorization(`Basic ${Buffer.from(`${token}:`).toString('base64')}`)]],
  'upper-case-name': token => [[['AUTHORIZATION', `Bearer ${token}`]]],
  'spaces-around': token => [[authorization(`  Bearer ${token}  `)]],
  'other-header': token => [[['x-api-key', token]]],
  'in-session-cookie': token => [[cookie({ __session: token, __client_uat: 1 })]],
  'in-address': token => [[], { url: `${PROD.url}?token=${token}&access_token=${token}` }],
  'beside-session-cookie': token => [[authorization(`Bearer ${token}`), cookie(signedIn(PROD))]],
  'beside-expired-cookie': token => [
    [
      authorization(`Bearer ${token}`),
      ['sec-fetch-dest', 'document'],
      cookie({ __session: session({ exp: 1 }), __client_uat: 5 }),
    ],
  ],
  document: token => [[authorization(`Bearer ${token}`), ['sec-fetch-dest', 'document']]],
  origin: token => [
    [
      authorization(`Bearer ${token}`),
      ['origin', 'https://elsewhere.example.net'],
      ['referer', 'https://elsewhere.example.net/'],
    ],
  ],
  forwarded: token => [
    [authorization(`Bearer ${token}`), ['x-forwarded-host', 'www.example.org'], ['x-forwarded-proto', 'https']],
  ],
  twice: token => [[authorization(`Bearer ${token}`), authorization(`Bearer ${token}`)]],
};

export default function* vectors() {
  for (const [name, token] of Object.entries(TOKENS)) {
    for (const [request, make] of Object.entries(REQUESTS)) {
      for (const [accepts, acceptsToken] of Object.entries({ own: OWN[name], ...ACCEPTS })) {
        const [headers, more] = make(token);
        yield vector(`${name}/${request}/${accepts}`, PROD, headers, { options: { acceptsToken }, bapi, ...more });
      }
    }
  }
}
