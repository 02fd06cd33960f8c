// Where the keys come from: the JWKS in all its states, and a PEM in many spellings.
import { keys } from '../recorder/tokens.mjs';
import { canned } from './answers.mjs';
import { NOW, PROD, bearer, page, session } from './base.mjs';

const rotated = session({}, PROD, { key: 'rotated', header: { kid: keys.rotated.kid } });
const pem = keys.current.public;
const body = pem.split('\n').slice(1, -2);

const PEMS = {
  plain: pem,
  crlf: pem.replaceAll('\n', '\r\n'),
  'one-line': pem.replaceAll('\n', ' '),
  'no-breaks': pem.replaceAll('\n', ''),
  'no-markers': body.join('\n'),
  'no-markers-one-line': body.join(''),
  'leading-newline': `\n${pem}`,
  indented: pem.replaceAll('\n', '\n    '),
  'backslash-n': pem.replaceAll('\n', '\\n'),
  quoted: `"${pem}"`,
  rotated: keys.rotated.public,
  foreign: keys.foreign.public,
  private: keys.current.private,
  certificate: pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
  pkcs1: pem.replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY'),
  cut: pem.slice(0, 200),
  garbage: 'not a key',
  empty: '',
  space: ' ',
  two: `${pem}${keys.rotated.public}`,
  tabs: pem.replaceAll('\n', '\n\t'),
  'url-alphabet': pem.replaceAll('+', '-').replaceAll('/', '_'),
};

export default function* vectors() {
  for (const jwks of Object.keys(canned.jwks)) {
    yield bearer(`jwks-${jwks}/header`, PROD, session(), { bapi: { jwks } });
    yield bearer(`jwks-${jwks}/header-rotated`, PROD, rotated, { bapi: { jwks } });
    yield page(`jwks-${jwks}/cookie`, PROD, { __session: session(), __client_uat: NOW - 30 }, { bapi: { jwks } });
    yield bearer(`jwks-${jwks}/any`, PROD, session(), { bapi: { jwks }, options: { acceptsToken: 'any' } });
  }
  for (const first of [
    'server_error',
    'unauthorized_key',
    'empty',
    'network_error',
    'server_error_html',
    'rate_limited',
    'not_found',
    'ok_not_json',
  ]) {
    for (const failures of [1, 2, 3, 4, 5]) {
      const jwks = [...Array(failures).fill(first), 'ok'];
      yield bearer(`retry/${first}-${failures}`, PROD, session(), { bapi: { jwks } });
    }
  }
  for (const algorithm of ['RS384', 'RS512']) {
    const token = session({}, PROD, { header: { alg: algorithm }, algorithm });
    for (const jwks of ['ok', 'without_alg', 'alg_rs384', 'alg_rs512'])
      yield bearer(`${algorithm}/jwks-${jwks}`, PROD, token, { bapi: { jwks } });
  }
  for (const [name, jwtKey] of Object.entries(PEMS)) {
    yield bearer(`pem-${name}/header`, PROD, session(), { options: { jwtKey } });
    yield bearer(`pem-${name}/header-rotated`, PROD, rotated, { options: { jwtKey } });
    yield page(`pem-${name}/cookie`, PROD, { __session: session(), __client_uat: NOW - 30 }, { options: { jwtKey } });
  }
  yield bearer('pem-without-secret-key', PROD, session(), { options: { jwtKey: pem, secretKey: undefined } });
  yield bearer('skip-cache', PROD, session(), { options: { skipJwksCache: true } });
}
