// Starts the programs under test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
export const built = (name) => join(TARGET, "debug", name);
const APP = process.env.EXAMPLE_AXUM ?? built("example-axum");
const INSTANCE = process.env.CLERK_LOCAL ?? built("clerk-local");
/** The examples of an API that a front end at another origin calls, one per framework. */
export const CORS = ["cors-axum", "cors-actix"];
export const FAKETIME = readdirSync("/usr/lib")
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`)
  .find(existsSync);

/** The first missing program, with the command that installs it. */
export function missing() {
  if (!existsSync(APP)) return `${APP} is missing: cargo build -p example-axum`;
  if (!existsSync(INSTANCE)) return `${INSTANCE} is missing: cargo build -p clerk-local --features cli`;
  for (const name of CORS) {
    if (!existsSync(built(name))) return `${built(name)} is missing: cargo build -p example-cors`;
  }
  if (!FAKETIME) return "libfaketime is missing: apt-get install libfaketime";
}

/** Starts the example app: with its own local instance, without clerk-js, or with the keys in `environment`. */
export async function startApp(t, environment = {}) {
  const clock = movableClock(t);
  const PORT = await freePort();
  const ready = environment.CLERK_PROXY_URL ? /Open in a browser/ : /local instance at (http\S+) \(/;
  const all = { PORT, CLERK_NPM_FOLDER: "", ...clock.environment, ...environment };
  const [, clerk] = await start(t, APP, [], all, ready);
  return {
    url: `http://localhost:${PORT}`,
    clerk: clerk ?? environment.CLERK_PROXY_URL,
    advance: clock.advance,
  };
}

/** Starts one of the CORS examples; returns the allowed and the other address of its front end. */
export async function startCors(t, name) {
  const environment = { PORT: await freePort(), FRONT_END_PORT: await freePort() };
  const [, allowed, other] = await start(t, built(name), [], environment, /(http:\/\/localhost\S+)[^]*(http:\/\/127\S+)/);
  return { allowed, other };
}

/** Starts a local instance alone; returns the environment variables for an app. */
export async function startClerk(t) {
  const ports = ["--frontend-port", "0", "--backend-port", "0"];
  const [printed] = await start(t, INSTANCE, ports, {}, /^[^]*CLERK_SIGN_IN_URL=.*\n/);
  return Object.fromEntries([...printed.matchAll(/^(CLERK_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

/** Starts a program that ends with the test; waits until its output matches `ready`, and returns the match. */
export async function start(t, program, args, environment, ready) {
  // The developer's own keys must not reach the programs.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("CLERK_"));
  const env = { ...Object.fromEntries(inherited), ...environment };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  t.after(async () => {
    child.kill();
    await exit;
  });
  let printed = "";
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const matched = new Promise((resolve) => {
    child.stdout.on("data", (data) => {
      printed += data;
      const match = ready.exec(printed);
      if (match) resolve(match);
    });
  });
  const ended = exit.then(() => {
    throw new Error(`${program} ended: ${errors}`);
  });
  // The program also ends at the end of the test, when nothing awaits this promise.
  ended.catch(() => {});
  return Promise.race([matched, ended]);
}

/** A system clock for one process that a test can advance, so that tokens expire. */
export function movableClock(t) {
  const folder = mkdtempSync(join(tmpdir(), "clerk-e2e-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "offset");
  let offset = 0;
  const advance = (seconds) => {
    offset += seconds;
    // Renamed, so that the program never reads a half-written file.
    writeFileSync(`${file}.new`, `+${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  advance(0);
  const environment = {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  return { advance, environment };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
