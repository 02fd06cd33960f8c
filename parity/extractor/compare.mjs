// Prints what changed between two tables of facts, by operation, event and schema:
//
//     node parity/extractor/compare.mjs ONE.txt OTHER.txt
import { readFileSync } from 'node:fs';

const [one, other] = process.argv.slice(2, 4).map(read);
console.log(`${one.name} -> ${other.name}`);
const counts = { added: 0, removed: 0, changed: 0 };
for (const key of union(one.groups, other.groups)) {
  const [before, after] = [one.groups.get(key), other.groups.get(key)];
  if (!before || !after) {
    count(before ? 'removed' : 'added', key);
    for (const [fact, value] of before ?? after) console.log(`    ${[fact, value].join(' ').trim()}`);
    continue;
  }
  const changes = [...union(before, after)].flatMap((fact) => change(fact, before.get(fact), after.get(fact)));
  if (changes.length === 0) continue;
  count('changed', key);
  for (const line of changes) console.log(`    ${line}`);
}
console.log(`\n${Object.entries(counts).map(([kind, number]) => `${number} ${kind}`).join(', ')}`);

function count(kind, key) {
  counts[kind] += 1;
  console.log(`\n${kind}: ${key}`);
}

function change(fact, before, after) {
  if (before === undefined) return [`+ ${fact} ${after}`.trim()];
  if (after === undefined) return [`- ${fact} ${before}`.trim()];
  return before === after ? [] : [`~ ${fact}: ${before} -> ${after}`];
}

/** The keys of both, those of the first one in their order. */
function union(before, after) {
  return new Set([...before.keys(), ...after.keys()]);
}

/** A table as group -> fact -> value. A fact is named with all that it belongs to: `query limit`, `200 .data [] .id`. */
function read(file) {
  const [api, , ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const groups = new Map();
  let group, above, seen;
  for (const line of lines) {
    const depth = line.search(/\S/) / 2;
    const words = line.trim().split(' ');
    if (depth === 0) {
      // What follows the name is the first fact: the operation's id, or the schema's type.
      const length = words[0] === 'operation' ? 3 : 2;
      group = new Map([['', words.slice(length).join(' ')]]);
      groups.set(words.slice(0, length).join(' '), group);
      [above, seen] = [[], new Map()];
      continue;
    }
    const { key, required, value } = split(words, depth);
    above.length = depth - 1;
    const name = [...above, key].join(' ');
    // Forms have no names, but numbers.
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    above.push(number === 1 ? key : `${key}${number}`);
    group.set(above.join(' '), [required, value].filter(Boolean).join(' '));
  }
  return { name: api.replace('api ', ''), groups };
}

/** The name of a fact, and what it says; that a member is required is not a part of its name. */
function split(words, depth) {
  const isNamedByTwo = depth === 1 && /^(path|query|header|cookie|body!?|\d\w\w|default)$/.test(words[0]) && words[1];
  const name = words.slice(0, isNamedByTwo ? 2 : 1).join(' ');
  const value = words.slice(isNamedByTwo ? 2 : 1).join(' ');
  return { key: name.replaceAll('!', ''), required: name.includes('!') && 'required', value };
}
