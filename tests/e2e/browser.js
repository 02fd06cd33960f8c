// Chromium, and a window that writes down where it is sent.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export function missing() {
  if (!existsSync(CHROMIUM)) return `${CHROMIUM} is missing: apt-get install chromium`;
}

/** Starts Chromium, with further arguments of its command line. */
export function launch(args = []) {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}

/** How many times slower than it is the pages' processor is made; their answers are late by 30 ms each time. */
export const SLOWDOWN = Number(process.env.SLOWDOWN ?? 1);

/** A page with cookies of its own, for one test. */
export async function newPage(t, browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000 * SLOWDOWN);
  t.after(async () => {
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `${t.name.replaceAll(/\W+/g, "-")}.png`) });
    }
    await context.close();
  });
  if (SLOWDOWN > 1) {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    const everyAnswer = { latency: 30 * SLOWDOWN, downloadThroughput: -1, uploadThroughput: -1, offline: false };
    await session.send("Network.emulateNetworkConditions", everyAnswer);
  }
  return { context, page };
}

/** A window with cookies of its own, for one test and its app. */
export async function openWindow(t, browser, app) {
  const { context, page } = await newPage(t, browser);

  let answers = [];
  page.on("response", (response) => {
    if (response.request().isNavigationRequest()) answers.push(`${response.status()} ${place(response.url(), app)}`);
  });

  /** Does what leads to another page, and says how it was reached and what it is. */
  const follow = async (action) => {
    answers = [];
    await Promise.all([page.waitForEvent("load"), action()]);
    const text = await page.locator("body").innerText();
    return { answers, url: page.url(), text };
  };

  return {
    open: (path) => follow(() => page.goto(app.url + path)),
    press: (role, name) => follow(() => page.getByRole(role, { name }).click()),

    /** The cookies' names; `_*` stands for the suffix that is the instance's. */
    async cookies() {
      const names = (await context.cookies()).map((cookie) => cookie.name);
      const suffix = names.find((name) => name.startsWith("__client_uat_"))?.slice("__client_uat".length);
      return names
        // Gone after two seconds, so that it may be there or not.
        .filter((name) => name !== "__clerk_redirect_count")
        .map((name) => (suffix && name.endsWith(suffix) ? name.replace(suffix, "_*") : name))
        .sort();
    },
    allCookies: () => context.cookies(),
    restore: (cookies) => context.addCookies(cookies),
    /** Forgets the cookies whose name begins so, with and without a suffix. */
    async forget(prefix) {
      for (const { name } of await context.cookies()) {
        if (name.startsWith(prefix)) await context.clearCookies({ name });
      }
    },
  };
}

/** An address without what differs from run to run, a handshake's with its reason. */
function place(address, app) {
  const url = new URL(address);
  if (url.origin === app.url) return `app${url.pathname}${url.search.replace(/(handshake_nonce=)[^&]+/, "$1...")}`;
  if (url.origin !== app.clerk) return address;
  const reason = url.searchParams.get("__clerk_hs_reason");
  return `clerk${url.pathname}${reason ? ` ${reason}` : ""}`;
}
