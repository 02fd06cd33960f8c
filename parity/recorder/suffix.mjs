// The suffix with which Clerk tells cookies of two instances on one host apart.
import { createHash } from 'node:crypto';

/** The first 8 characters of the SHA-1 of the publishable key, in URL-safe base64. */
export const suffixOf = key =>
  createHash('sha1').update(key).digest('base64').replace(/\+/g, '-').replace(/\//g, '_').slice(0, 8);
