// Loads copies of Clerk's package whose clock, network, waiting times and environment belong to the recorder.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RealDate = Date;
let now = 0;

/** A `Date` whose "now" is the recorder's. */
class FixedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now);
    else super(...parts);
  }

  static now() {
    return now;
  }
}

/** Sets the time that the package sees. */
export function setNow(milliseconds) {
  now = milliseconds;
}

/** Replaces the parts of the process that a result may depend on. Call it once, before the package is loaded. */
export function isolate(fetch) {
  globalThis.Date = FixedDate;
  globalThis.fetch = fetch;
  // Pauses between attempts take no time.
  globalThis.setTimeout = (callback, _delay, ...args) => setImmediate(callback, ...args);
  globalThis.clearTimeout = clearImmediate;
  for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name] = () => {};
  clearEnvironment();
}

/** Removes all variables that the package reads. */
function clearEnvironment() {
  for (const name of Object.keys(process.env)) {
    if (/^(CLERK|VERCEL|NEXT_PUBLIC|NODE_ENV)/.test(name)) delete process.env[name];
  }
  process.env.CLERK_TELEMETRY_DISABLED = '1';
}

/** Runs with these variables set, and removes them afterwards. */
export async function withEnvironment(variables, run) {
  clearEnvironment();
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    clearEnvironment();
  }
}

/** An installed version of `@clerk/backend`. */
export class Package {
  constructor(folder) {
    this.folder = folder;
    this.forget();
    this.version = this.versionOf('@clerk/backend');
  }

  versionOf(name) {
    return JSON.parse(readFileSync(join(this.folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  }

  /** Forgets what is loaded, so that the next copy has an empty cache of keys. */
  forget() {
    // A new function each time: the old one keeps all that it has loaded.
    this.require = createRequire(join(this.folder, 'node_modules', 'x.js'));
    const { cache } = this.require;
    for (const file of Object.keys(cache)) {
      if (file.includes('/node_modules/@clerk/backend/')) delete cache[file];
    }
  }

  /** Loads a part of the package; `undefined` if this version has none of that name. */
  load(name) {
    try {
      return this.require(name);
    } catch (error) {
      if (/^(MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/.test(error.code)) return undefined;
      throw error;
    }
  }
}
