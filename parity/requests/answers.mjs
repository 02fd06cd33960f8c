// The answers of Clerk's Backend API that vectors name: endpoint -> name -> answer.
import { keys } from '../recorder/tokens.mjs';
import { NOW_MS } from './base.mjs';

const json = (status, body, headers) => ({ status, body, ...(headers && { headers }) });
const error = (status, code, headers) =>
  json(
    status,
    { errors: [{ code, message: `a ${code}`, long_message: `this is a ${code}` }], clerk_trace_id: 'trace_parity' },
    headers,
  );

const not_found = error(404, 'resource_not_found');

/** Failures that every endpoint can answer with. */
const failures = {
  unauthorized_key: error(401, 'clerk_key_invalid'),
  unauthorized_other: error(401, 'authentication_invalid'),
  unauthorized_no_errors: json(401, { message: 'no list of errors' }),
  unauthorized_empty_errors: json(401, { errors: [] }),
  forbidden: error(403, 'authorization_invalid'),
  not_found,
  unprocessable: error(422, 'form_param_invalid'),
  rate_limited: error(429, 'too_many_requests', { 'retry-after': '9' }),
  server_error: error(500, 'internal_clerk_error'),
  server_error_html: { status: 502, headers: { 'content-type': 'text/html' }, text: '<html>bad gateway</html>' },
  unavailable: { status: 503, headers: { 'content-type': 'text/plain' }, text: 'try again later' },
  network_error: { network_error: 'connection reset' },
  ok_not_json: { status: 200, headers: { 'content-type': 'text/plain' }, text: 'this is no JSON' },
  no_content: { status: 204 },
};

const { current, rotated, foreign } = keys;
const jwks = (...list) => json(200, { keys: list });
const ok = jwks(current.jwk, rotated.jwk);
const without = ({ ...jwk }, name) => (delete jwk[name], jwk);

const m2m = {
  object: 'machine_to_machine_token',
  id: 'mt_parity',
  subject: 'mch_caller',
  scopes: ['mch_stock', 'mch_mail'],
  claims: { region: 'eu' },
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: NOW_MS + 3_600_000,
  created_at: NOW_MS - 1000,
  updated_at: NOW_MS - 1000,
};
const oauth = {
  object: 'clerk_idp_oauth_access_token',
  id: 'oat_parity',
  client_id: 'client_parity',
  type: 'oauth:access_token',
  subject: 'user_parity',
  scopes: ['profile', 'offline_access'],
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: NOW_MS + 3_600_000,
  created_at: NOW_MS - 1000,
  updated_at: NOW_MS - 1000,
};
const apiKey = {
  object: 'api_key',
  id: 'ak_parity',
  type: 'api_key',
  name: 'nightly import',
  subject: 'user_parity',
  scopes: ['orders'],
  claims: { plan: 'gold' },
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_by: 'user_parity',
  description: null,
  last_used_at: null,
  created_at: NOW_MS - 1000,
  updated_at: NOW_MS - 1000,
};
const charset = { 'content-type': 'application/json; charset=utf-8' };

export const canned = {
  /** The answer of an endpoint that a vector does not list. */
  not_found,
  jwks: {
    ok,
    current_only: jwks(current.jwk),
    rotated_only: jwks(rotated.jwk),
    foreign_too: jwks(current.jwk, foreign.jwk),
    foreign_key_known_id: jwks({ ...foreign.jwk, kid: current.kid }),
    empty: jwks(),
    no_keys_member: json(200, {}),
    null_keys: json(200, { keys: null }),
    ok_charset: { ...ok, headers: charset },
    without_alg: jwks(without(current.jwk, 'alg'), without(rotated.jwk, 'alg')),
    alg_rs384: jwks({ ...current.jwk, alg: 'RS384' }),
    alg_rs512: jwks({ ...current.jwk, alg: 'RS512' }),
    use_enc: jwks({ ...current.jwk, use: 'enc' }),
    kty_ec: jwks({ ...current.jwk, kty: 'EC' }),
    without_kid: jwks(without(current.jwk, 'kid')),
    duplicate_kid: jwks({ ...rotated.jwk, kid: current.kid }, current.jwk),
    unauthorized_second: json(401, {
      errors: [
        { code: 'authentication_invalid', message: 'first' },
        { code: 'clerk_key_invalid', message: 'second' },
      ],
    }),
    ...failures,
  },
  refresh: {
    empty_cookies: json(200, { object: 'cookies', cookies: [] }),
    code_unexpected_error: error(400, 'unexpected_error'),
    code_session_revoked: error(400, 'session_revoked'),
    code_mismatch: error(400, 'refresh_token_mismatch'),
    ...failures,
  },
  handshake_payload: { empty: json(200, { directives: [] }), ...failures },
  m2m_verify: {
    ok: json(200, m2m),
    ok_null_claims: json(200, { ...m2m, scopes: [], claims: null, expiration: null }),
    ok_revoked: json(200, { ...m2m, revoked: true, revocation_reason: 'leaked' }),
    ok_expired: json(200, { ...m2m, expired: true, expiration: NOW_MS - 1000 }),
    ok_charset: json(200, m2m, charset),
    ...failures,
  },
  oauth_verify: {
    ok: json(200, oauth),
    ok_aud: json(200, { ...oauth, aud: ['https://api.example.org'], act: { sub: 'user_helper' } }),
    ok_revoked: json(200, { ...oauth, revoked: true, revocation_reason: 'leaked' }),
    ok_expired: json(200, { ...oauth, expired: true, expiration: NOW_MS - 1000 }),
    ...failures,
  },
  api_key_verify: {
    ok_user: json(200, apiKey),
    ok_org: json(200, { ...apiKey, subject: 'org_parity', scopes: [], claims: null }),
    ok_machine: json(200, { ...apiKey, subject: 'mch_caller' }),
    ok_revoked: json(200, { ...apiKey, revoked: true, revocation_reason: 'leaked' }),
    ok_expired: json(200, { ...apiKey, expired: true, expiration: NOW_MS - 1000 }),
    ...failures,
  },
};
