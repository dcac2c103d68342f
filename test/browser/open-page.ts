import { expect } from "chai";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

/** Where Debian and others put Chromium; `CHROMIUM` names another. */
const paths = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Starts a headless Chromium with an empty profile, which asks nobody for anything. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = paths.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined) throw new Error("there is no Chromium: npm run setup:browser");
  return chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

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
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 800 }, colorScheme: "light", offline: true },
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) faults.push(`a request to ${request.url()}`);
  });
  page.on("popup", () => faults.push("a popup"));
  await page.exposeFunction("tellViolation", (text: string) => faults.push(text));
  await page.addInitScript({ content: watchPolicy });
  const url = pathToFileURL(path).href;
  await page.goto(url);
  await waitUntil(page, "performance.getEntriesByName('report-shown').length > 0");
  return {
    page,
    faults,
    close: async () => {
      expect(page.url().split("#")[0]).to.equal(url);
      await context.close();
      expect(faults).to.deep.equal([]);
    },
  };
}

/**
 * Waits for an expression to hold in a page; false where it does not in time. Playwright's own way evaluates
 * within the page, which the policy of a report forbids.
 */
export async function waitUntil(
  page: Page,
  expression: string,
  timeoutMs = 5000,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await page.evaluate<boolean>(expression)) return true;
    await page.waitForTimeout(20);
  }
  return false;
}
