// Writes the table of facts of an OpenAPI file, and prints its path:
//
//     node parity/extractor/extract.mjs FOLDER_WITH_YAML NEWER.yml FOLDER
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';

import { toLines } from './table.mjs';

const APIS = [
  ['backend', 'Clerk Backend API'],
  ['frontend', 'Clerk Frontend API'],
  ['webhooks', 'Clerk Webhook Events'],
];

const [packages, file, folder] = process.argv.slice(2);
const { parse } = createRequire(join(resolve(packages), 'node_modules', 'x.js'))('yaml');
const source = readFileSync(file);
const document = parse(source.toString());
const [api] = APIS.find(([, title]) => title === document.info?.title) ?? fail(`${file} describes no API of Clerk's`);
// Two of the descriptions have the version only in the names of their files.
const version =
  [document.info.version, basename(file)].map((text) => text.match(/\d{4}-\d{2}-\d{2}/)?.[0]).find(Boolean) ??
  fail(`neither ${file} nor its name has a version, such as 2026-05-12`);
const digest = createHash('sha256').update(source).digest('hex');
const path = join(folder, `${api}-${version}.txt`);
writeFileSync(path, `${[`api ${api} ${version}`, `source sha256:${digest}`, ...toLines(document)].join('\n')}\n`);
console.log(path);

function fail(message) {
  console.error(message);
  process.exit(2);
}
