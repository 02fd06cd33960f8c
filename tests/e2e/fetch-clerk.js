// Downloads Clerk's scripts for browsers to ./npm, from where clerk-local serves them: node fetch-clerk.js
//
// `npm install` would also download the dependencies of @clerk/ui; some are not available, and the bundles need none.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The versions that the tests were written for, and their digests in the registry. */
const PACKAGES = {
  "@clerk/clerk-js": {
    version: "6.40.0",
    integrity: "sha512-2MnZ/ygvuCmeuqfXQmsxfQaLN/SSJvQbtT2cLXbgr5VKr3KmZFZBVvX977fG3eZ6pprl4J9pO+I2bbe6BvColg==",
  },
  "@clerk/ui": {
    version: "1.36.0",
    integrity: "sha512-uI96zYCh5jISLOt1mdpIPy/Y31P0kwFxjUFOxLUwFfTHFmGUcRjbqN6bbb+75tdI2Bz6ARGws3rhspDer+xIfQ==",
  },
};

/** The folder, for `clerk-local --npm-folder`. */
export const FOLDER = fileURLToPath(new URL("npm", import.meta.url));

const place = (name) => join(FOLDER, ...name.split("/"));

/** The packages that are missing or have another version. */
export function missing() {
  return Object.keys(PACKAGES).filter((name) => {
    const file = join(place(name), "package.json");
    return !existsSync(file) || JSON.parse(readFileSync(file, "utf8")).version !== PACKAGES[name].version;
  });
}

function fetch(name) {
  const { version, integrity } = PACKAGES[name];
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, ".fetching-"));
  try {
    execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", folder], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
    const [archive] = readdirSync(folder);
    const digest = `sha512-${createHash("sha512").update(readFileSync(join(folder, archive))).digest("base64")}`;
    if (digest !== integrity) throw new Error(`${name}@${version} has changed: ${digest} instead of ${integrity}`);
    execFileSync("tar", ["-xzf", archive], { cwd: folder });
    // Renamed at the end, so that the folder is never incomplete.
    rmSync(place(name), { recursive: true, force: true });
    mkdirSync(join(place(name), ".."), { recursive: true });
    renameSync(join(folder, "package"), place(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of missing()) {
    console.log(`${name}@${PACKAGES[name].version}`);
    fetch(name);
  }
}
