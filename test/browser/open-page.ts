import { expect } from "chai";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { waitUntil } from "../../scripts/browser/wait-until.ts";

/** Runs in the page. */
const watchPolicy = `document.addEventListener("securitypolicyviolation", (event) => {
  globalThis.tellViolation(event.violatedDirective + " " + event.blockedURI);
});`;

/** A page, and what happened in it that should not. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, warnings, violations of the policy, and requests beyond the disk. */
  readonly faults: readonly string[];
  /** Fails where there was any fault. */
  readonly close: () => Promise<void>;
}

/** Opens a file of a report from the disk. */
export async function openReport(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await openWatched(browser, pathToFileURL(path).href, {
    ...{ allowed: /^(file|data):/, options: { offline: true, ...options } },
  });
  await waitUntil(watched.page, "performance.getEntriesByName('report-shown').length > 0");
  return watched;
}

/** What a page may do. */
export interface Watch {
  /** Where it may ask. */
  readonly allowed: RegExp;
  /** What the console may say all the same. */
  readonly expected?: RegExp;
  readonly options?: BrowserContextOptions;
}

/** Opens a page, and notes whatever should not happen in it. */
export async function openWatched(
  browser: Browser,
  url: string,
  { allowed, expected, options = {} }: Watch,
): Promise<WatchedPage> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 }, colorScheme: "light" },
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    const isFault = ["error", "warning"].includes(message.type());
    if (isFault && expected?.test(message.text()) !== true) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!allowed.test(request.url())) faults.push(`a request to ${request.url()}`);
  });
  page.on("popup", () => faults.push("a popup"));
  await page.exposeFunction("tellViolation", (text: string) => faults.push(text));
  await page.addInitScript({ content: watchPolicy });
  await page.goto(url);
  return {
    page,
    faults,
    close: async () => {
      expect(placeOf(page.url())).to.equal(placeOf(url));
      await context.close();
      expect(faults).to.deep.equal([]);
    },
  };
}

/** What leads elsewhere when it changes. */
function placeOf(url: string): string {
  return url.split(/[?#]/)[0] ?? "";
}
