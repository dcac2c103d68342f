import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startBrowser } from "../../scripts/browser/start-browser.ts";
import { openReport } from "./open-page.ts";
import { samples } from "./sample-records.ts";
import { writeSamples } from "./sample-report.ts";

/** A browser, and a folder with the sample as `folder/` and as `one.html`. */
export class ReportSession {
  readonly root: string;
  readonly #browser: Browser;

  private constructor(root: string, browser: Browser) {
    this.root = root;
    this.#browser = browser;
  }

  static async open(): Promise<ReportSession> {
    const root = mkdtempSync(join(tmpdir(), "report-browser-"));
    const all = await samples();
    await writeSamples(join(root, "folder"), all);
    await writeSamples(join(root, "one.html"), all);
    return new ReportSession(root, await startBrowser());
  }

  /** Opens a report, and fails on whatever should not have happened in it. */
  async inReport(
    file: string,
    use: (page: Page) => Promise<void>,
    options?: BrowserContextOptions,
  ): Promise<void> {
    const { page, close } = await openReport(this.#browser, join(this.root, file), options);
    await use(page);
    await close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.root, { recursive: true });
  }
}
