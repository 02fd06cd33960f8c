// Records a set: what an installed version of @clerk/backend does with the requests in ../requests.
//
//     node parity/recorder/record.mjs <folder with node_modules> <file to write> [group...]
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canned } from '../requests/answers.mjs';
import { MISSING, observeHelper, observeJwt, observeProxy, observeWebhook } from './functions.mjs';
import { Network } from './network.mjs';
import { observeRequest, observeSequence } from './observe.mjs';
import { Package, isolate } from './package.mjs';
import { writeSet } from './set.mjs';
import { keys } from './tokens.mjs';

/** Files in the folder of the requests that are no group. */
const NO_GROUP = ['answers.mjs', 'base.mjs'];

const OBSERVERS = {
  'frontend-api-proxy': observeProxy,
  helper: observeHelper,
  redirect: observeHelper,
  jwt: observeJwt,
  sequence: observeSequence,
  webhook: observeWebhook,
};

const say = process.stderr.write.bind(process.stderr);
const [folder, output, ...wanted] = process.argv.slice(2);
const requests = new URL('../requests/', import.meta.url);
const groups = readdirSync(requests)
  .filter(file => file.endsWith('.mjs') && !NO_GROUP.includes(file))
  .map(file => file.slice(0, -'.mjs'.length))
  .filter(group => wanted.length === 0 || wanted.includes(group))
  .sort();

const network = new Network();
isolate(network.fetch);
const clerk = new Package(folder);
const cases = {};
const missing = [];
for (const group of groups) {
  const { default: vectors } = await import(new URL(`${group}.mjs`, requests));
  cases[group] = await record(group, [...vectors()]);
  say(`${group}: ${cases[group].length}\n`);
}
const counts = Object.fromEntries(Object.entries(cases).map(([group, vectors]) => [group, vectors.length]));
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
const manifest = {
  package: `@clerk/backend@${clerk.version}`,
  shared: `@clerk/shared@${clerk.versionOf('@clerk/shared')}`,
  total,
  groups: counts,
  missing,
  outgoing_constant_headers: network.constants,
};
const size = writeSet(output, { manifest, canned, keys, cases });
say(`${total} vectors of ${manifest.package}, ${missing.length} that it has no function for, ${size} bytes\n`);
process.exit(0);

async function record(group, vectors) {
  const observe = OBSERVERS[group] ?? observeRequest;
  const recorded = [];
  const ids = new Set();
  for (const vector of vectors) {
    const id = `${group}/${vector.id}`;
    if (ids.has(id)) throw new Error(`${id} is there twice`);
    ids.add(id);
    const expected = await observe(clerk, network, vector);
    if (expected === MISSING) missing.push(id);
    else recorded.push(published({ ...vector, id, group, expected }));
  }
  return recorded;
}

/** A vector as it is written: `id` and `group` first, the results last, without what only the recorder needs. */
function published({ id, group, expected, checks, ...inputs }) {
  return { id, group, ...inputs, expected };
}
