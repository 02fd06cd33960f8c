// Chromium, and a window that records its redirects.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export function missing() {
  if (!existsSync(CHROMIUM)) return `${CHROMIUM} is missing: apt-get install chromium`;
}

/** Starts Chromium with extra command-line arguments. */
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

/** Makes pages slower by this factor; each response is delayed by 30 ms times the factor. */
export const SLOWDOWN = Number(process.env.SLOWDOWN ?? 1);

/** A page with its own cookies, for one test. */
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
    const conditions = { latency: 30 * SLOWDOWN, downloadThroughput: -1, uploadThroughput: -1, offline: false };
    await session.send("Network.emulateNetworkConditions", conditions);
  }
  return { context, page };
}

/** A window with its own cookies, for one test and its app. */
export async function openWindow(t, browser, app) {
  const { context, page } = await newPage(t, browser);

  let responses = [];
  page.on("response", (response) => {
    if (response.request().isNavigationRequest()) responses.push(`${response.status()} ${shorten(response.url(), app)}`);
  });

  /** Runs an action that loads another page; returns the responses on the way, the final URL and the text. */
  const follow = async (action) => {
    responses = [];
    await Promise.all([page.waitForEvent("load"), action()]);
    const text = await page.locator("body").innerText();
    return { responses, url: page.url(), text };
  };

  return {
    context,
    page,
    open: (path) => follow(() => page.goto(app.url + path)),
    press: (role, name) => follow(() => page.getByRole(role, { name }).click()),

    /** The names of the cookies; `_*` stands for the instance's suffix. */
    async cookies() {
      const names = (await context.cookies()).map((cookie) => cookie.name);
      const suffix = names.find((name) => name.startsWith("__client_uat_"))?.slice("__client_uat".length);
      return names
        // It expires after two seconds, and so may or may not exist.
        .filter((name) => name !== "__clerk_redirect_count")
        .map((name) => (suffix && name.endsWith(suffix) ? name.replace(suffix, "_*") : name))
        .sort();
    },
    allCookies: () => context.cookies(),
    restore: (cookies) => context.addCookies(cookies),
    /** Deletes the cookies whose name starts with this prefix. */
    async deleteCookies(prefix) {
      for (const { name } of await context.cookies()) {
        if (name.startsWith(prefix)) await context.clearCookies({ name });
      }
    },
  };
}

/** A URL without its random parts; the URL of a handshake keeps its reason. */
function shorten(address, app) {
  const url = new URL(address);
  if (url.origin === app.url) return `app${url.pathname}${url.search.replace(/(handshake_nonce=)[^&]+/, "$1...")}`;
  if (url.origin !== app.clerk) return address;
  const reason = url.searchParams.get("__clerk_hs_reason");
  return `clerk${url.pathname}${reason ? ` ${reason}` : ""}`;
}
