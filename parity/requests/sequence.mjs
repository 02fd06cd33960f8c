// Several requests of one process, one after another: how long keys are kept, and when they are loaded again.
import { keys } from '../recorder/tokens.mjs';
import { NOW, NOW_MS, PROD, bearer, session } from './base.mjs';

const late = { exp: NOW + 86_400 };
const token = session(late);
const rotated = session(late, PROD, { key: 'rotated', header: { kid: keys.rotated.kid } });
const unknown = session(late, PROD, { key: 'foreign', header: { kid: keys.foreign.kid } });

/** A request, so many milliseconds after the first. */
function step(after, value = token, more = {}) {
  const { id, ...rest } = bearer('step', PROD, value, { now_ms: NOW_MS + after, ...more });
  return rest;
}

const MINUTE = 60_000;
const only = jwks => ({ bapi: { jwks } });

const SEQUENCES = {
  reuse: [step(0), step(0), step(MINUTE)],
  'before-five-minutes': [step(0), step(5 * MINUTE - 1)],
  'at-five-minutes': [step(0), step(5 * MINUTE)],
  'after-five-minutes': [step(0), step(5 * MINUTE + 1), step(5 * MINUTE + 2)],
  'age-counts-from-load': [step(0), step(4 * MINUTE), step(6 * MINUTE), step(8 * MINUTE)],
  'unknown-key-each-time': [step(0, unknown), step(1, unknown), step(2, unknown)],
  'unknown-key-then-known': [step(0, unknown), step(1), step(2, unknown)],
  'new-key-is-found': [step(0, token, only('current_only')), step(1, rotated), step(2, rotated)],
  'old-key-after-new-load': [step(0), step(1, unknown, only('rotated_only')), step(2)],
  'old-key-after-expiry': [
    step(0),
    step(6 * MINUTE, rotated, only('rotated_only')),
    step(6 * MINUTE + 1, token, only('rotated_only')),
  ],
  'load-for-unknown-key-renews': [step(0), step(4 * MINUTE, unknown), step(6 * MINUTE)],
  'failure-then-good': [step(0, token, only('unauthorized_key')), step(1)],
  'failure-for-unknown-key': [step(0), step(1, unknown, only('server_error')), step(2)],
  'failure-after-expiry': [step(0), step(6 * MINUTE, token, only('server_error')), step(6 * MINUTE + 1)],
  'empty-answer-after-good': [step(0), step(1, unknown, only('empty')), step(2)],
  'empty-answer-first': [step(0, token, only('empty')), step(1)],
  'cache-skipped': [
    step(0, token, { options: { skipJwksCache: true } }),
    step(1, token, { options: { skipJwksCache: true } }),
    step(2),
  ],
  'other-api': [step(0), step(1, token, { options: { apiUrl: 'https://api.example.org' } }), step(2)],
  'other-version': [step(0), step(1, token, { options: { apiVersion: 'v2' } }), step(2)],
  'other-secret': [step(0), step(1, token, { options: { secretKey: 'sk_live_second' } }), step(2)],
  'other-publishable-key': [
    step(0),
    step(1, token, {
      options: {
        publishableKey: `pk_live_${Buffer.from('clerk.second.example.org$').toString('base64').replace(/=+$/, '')}`,
      },
    }),
  ],
  'pem-then-keys': [
    step(0, token, { options: { jwtKey: keys.current.public } }),
    step(1),
    step(2, token, { options: { jwtKey: keys.current.public } }),
  ],
  'two-pems': [
    step(0, token, { options: { jwtKey: keys.current.public } }),
    step(1, token, { options: { jwtKey: keys.rotated.public } }),
  ],
  'clock-goes-back': [step(0), step(-MINUTE), step(-2 * MINUTE)],
};

export default function* vectors() {
  for (const [id, steps] of Object.entries(SEQUENCES)) yield { id, steps };
}
