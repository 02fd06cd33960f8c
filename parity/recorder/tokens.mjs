// Signs the tokens of the vectors.
import { createHmac, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const keys = JSON.parse(readFileSync(new URL('../keys.json', import.meta.url), 'utf8'));

export const base64url = data => Buffer.from(data).toString('base64url');

const HASHES = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

/** Signs `<header>.<payload>`, both as text, with the key of this name. */
export function signParts(header, payload, { key = 'current', algorithm = 'RS256' } = {}) {
  const message = `${base64url(header)}.${base64url(payload)}`;
  return `${message}.${signature(message, { key, algorithm })}`;
}

/** The signature over a message, as a token's third part. */
export function signature(message, { key = 'current', algorithm = 'RS256' } = {}) {
  if (algorithm === 'none') return '';
  if (algorithm === 'HS256') return createHmac('sha256', keys[key].public).update(message).digest('base64url');
  return createSign(HASHES[algorithm]).update(message).sign(keys[key].private, 'base64url');
}

/** Signs a token of any header and claims. A member that is `undefined` is left out. */
export function sign(header, claims, options) {
  return signParts(JSON.stringify(header), JSON.stringify(claims), options);
}
