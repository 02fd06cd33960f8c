// Prints what changed in Clerk's package between two recorded sets: per vector, which fields of the result.
//
//     node parity/recorder/compare.mjs <one set> <other set> [number of ids to print of each change; default: 5]
import { readSet } from './set.mjs';

/** Digests of texts: equal words are no promise of Clerk's, and say nothing about the result. */
const WORDS = ['message', 'error', 'auth_error', 'x-clerk-auth-message'];

/** Fields that say most about a change; one of them is printed. */
const TELLING = ['status', 'reason', 'error', 'value', 'location', 'code'];

const [one, other] = process.argv.slice(2, 4).map(readSet);
const limit = Number(process.argv[4] ?? 5);
const [before, after] = [one, other].map(
  set =>
    new Map(
      Object.values(set.cases)
        .flat()
        .map(vector => [vector.id, vector]),
    ),
);

console.log(`${one.manifest.package} -> ${other.manifest.package}`);
for (const [name, value] of Object.entries(other.manifest.outgoing_constant_headers)) {
  const old = one.manifest.outgoing_constant_headers[name];
  if (old !== value) console.log(`  header of all calls: ${name}: ${old} -> ${value}`);
}

const found = new Map();
let equal = 0;
for (const [id, vector] of before) {
  const newer = after.get(id);
  if (!newer) {
    note(`${vector.group}: no such function`, id);
    continue;
  }
  const fields = changes(vector, newer);
  if (fields.length === 0) {
    equal += 1;
    continue;
  }
  const names = [...new Set(fields.map(({ name }) => name.replace(/^auth\..*/, 'auth')))];
  const { name, from, to } = fields.find(({ name }) => TELLING.includes(name)) ?? fields[0];
  note(`${vector.group}: ${names.join(', ')}`, `${id}  ${name}: ${short(from)} -> ${short(to)}`);
}
for (const [id, vector] of after) if (!before.has(id)) note(`${vector.group}: only in the newer set`, id);

for (const [change, ids] of [...found].sort()) {
  console.log(`\n${change} (${ids.length})`);
  for (const line of ids.slice(0, limit)) console.log(`    ${line}`);
  if (ids.length > limit) console.log(`    and ${ids.length - limit} more`);
}
console.log(`\n${equal} of ${before.size} vectors have the same result; ${after.size} are in the newer set`);

function note(change, line) {
  found.set(change, [...(found.get(change) ?? []), line]);
}

/** The fields that differ between the results of a vector. */
function changes(older, newer) {
  const [from, to] = [expected(one, older), expected(other, newer)];
  return [...differing(from, to, '')];
}

/** The result, with the version of the API as a placeholder in the addresses of handshakes. */
function expected(set, vector) {
  const version = set.manifest.outgoing_constant_headers['clerk-api-version'];
  return JSON.parse(
    JSON.stringify(vector.expected).replaceAll(`__clerk_api_version=${version}`, '__clerk_api_version=*'),
  );
}

function* differing(from, to, path) {
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const field = path + name;
    const [left, right] = [from[name], to[name]].map(value => (name === 'headers' ? lines(value) : value));
    if (WORDS.includes(name)) {
      if (Boolean(left) !== Boolean(right)) yield { name: field, from: left, to: right };
    } else if (isObject(left) && isObject(right) && path === '') {
      yield* differing(left, right, `${field}.`);
    } else if (JSON.stringify(left) !== JSON.stringify(right)) {
      yield { name: field, from: left, to: right };
    }
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Headers without the one that has Clerk's words. */
function lines(headers) {
  return Array.isArray(headers)
    ? headers.filter(([name]) => !WORDS.includes(name)).map(pair => pair.join(': '))
    : headers;
}

/** A value in at most 160 characters. */
function short(value) {
  const text = value === undefined ? 'absent' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
