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

/** A window with cookies of its own, for one test and its app. */
export async function openWindow(t, browser, app) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  t.after(async () => {
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `${t.name.replaceAll(/\W+/g, "-")}.png`) });
    }
    await context.close();
  });

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
