// A recorded set: one compressed file with the vectors of all groups, the answers, the tokens and a manifest.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

/** A token in JSON text; it does not begin inside an escape such as `\\t`. */
const TOKEN = /(?<!\\|\\u[0-9a-f]{0,3})[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{20,}/g;

/** Stands for a text of Clerk's own: equal texts have equal digests, and the words are not kept. */
export function digest(text) {
  if (typeof text !== 'string' || text === '') return text ?? null;
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** Writes tokens that occur more than once as `{{T01234567}}`, and lists them in a table. */
function shareTokens(text) {
  const counts = new Map();
  for (const [token] of text.matchAll(TOKEN)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const table = {};
  const shared = text.replace(TOKEN, token => {
    if (counts.get(token) < 2) return token;
    const name = `T${createHash('sha256').update(token).digest('hex').slice(0, 8)}`;
    table[name] = token;
    return `{{${name}}}`;
  });
  return [shared, Object.fromEntries(Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1)))];
}

/** Writes a set. The same content gives the same bytes on every machine. */
export function writeSet(path, { manifest, canned, keys, cases }) {
  const lines = vectors => `[\n${vectors.map(vector => JSON.stringify(vector)).join(',\n')}\n]`;
  const groups = Object.entries(cases).map(([group, vectors]) => `${JSON.stringify(group)}: ${lines(vectors)}`);
  const [shared, tokens] = shareTokens(`{\n${groups.join(',\n')}\n}`);
  const part = value => JSON.stringify(value, null, 1);
  const parts = [
    `"manifest": ${part(manifest)}`,
    `"canned": ${part(canned)}`,
    `"keys": ${part(keys)}`,
    `"tokens": ${part(tokens)}`,
    `"cases": ${shared}`,
  ];
  const bytes = gzipSync(`{\n${parts.join(',\n')}\n}\n`, { level: 9 });
  bytes[9] = 255; // the operating system, which differs
  writeFileSync(path, bytes);
  return bytes.length;
}

/** Reads a set, with all tokens in place. */
export function readSet(path) {
  const text = gunzipSync(readFileSync(path)).toString();
  const { tokens } = JSON.parse(text);
  return JSON.parse(text.replace(/\{\{(T[0-9a-f]{8})\}\}/g, (whole, name) => tokens[name] ?? whole));
}
