import { expect } from "chai";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { buildPage } from "../../scripts/build/pages.ts";
import { startBrowser } from "../../scripts/browser/start-browser.ts";
import { waitUntil } from "../../scripts/browser/wait-until.ts";
import { startDashboard, type DashboardOptions } from "../../src/dashboard/index.ts";
import type { Runs } from "../../src/index.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { label } from "../fixtures/emulator.ts";
import { openWatched } from "./open-page.ts";

const recordings = [
  { uri: "gs://inputs/3.png", response: { error: { code: 3, message: "Bad image data." } } },
  { uri: "*", response: label },
];

describe("the dashboard over a journal", function () {
  this.timeout(60_000);
  let assets = "";
  let browser: Browser;
  let fixture: RunsFixture;
  before(async () => {
    assets = mkdtempSync(join(tmpdir(), "dashboard-journal-"));
    await buildPage("dashboard", assets);
    browser = await startBrowser();
  });
  beforeEach(async () => {
    fixture = await RunsFixture.start({ recordings });
  });
  afterEach(async () => {
    await fixture.close();
  });
  after(async () => {
    await browser.close();
    rmSync(assets, { recursive: true });
  });

  function optionsOf(runs: Runs): DashboardOptions {
    return { runs, journal: "sqlite:runs.db", version: "1.0.0", user: "somebody", assets };
  }

  /** Opens the page over some runs, and fails on whatever should not have happened in it. */
  async function inDashboard(
    runs: Runs,
    hash: string,
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    await using dashboard = await startDashboard(optionsOf(runs));
    const { page, close } = await openWatched(browser, dashboard.url + hash, {
      allowed: allowedAt(dashboard.url),
    });
    expect(page.url()).to.equal(`${new URL(dashboard.url).origin}/${hash}`);
    await use(page);
    await close();
  }

  it("shows a run to its end, and pauses and resumes it", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(50, { limits: { maxImagesInProcessing: 20 } }));
    await inDashboard(runs, "#/", async (page) => {
      await expectSome(page, ".run-card", "scans");
      await page.click(".run-card");
      await expectSome(page, ".chip.state-running", "2");
      await page.getByRole("button", { name: "Pause" }).click();
      await expectSome(page, ".outcome", "paused");
      await expectSome(page, ".head .badge", "paused");
      expect((await runs.get("scans"))?.state).to.equal("paused");
      await page.getByRole("button", { name: "Resume" }).click();
      await expectSome(page, ".head .badge", "running");
      expect((await runs.get("scans"))?.state).to.equal("running");
      fixture.admin.holdOperations(false);
      while (fixture.admin.releaseOperation());
      await expectSome(page, ".head .badge", "done");
      await expectSome(page, ".facts", "50 of 50");
      await expectSome(page, ".legend", "Succeeded 49");
      await run.wait();
      await page.click(".chunk-row >> nth=1");
      const attempt = (await run.attempts(1))[0];
      await expectSome(page, ".attempts", attempt?.operation?.name ?? "no operation");
      await expectSome(page, ".attempts", attempt?.prefix ?? "no prefix");
      await expectSome(page, ".events", "the operation has succeeded");
      await expectSome(page, ".inputs", "gs://inputs/10.png");
    });
  });

  it("sends again what failed", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(20));
    await run.wait();
    await inDashboard(runs, "#/runs/scans", async (page) => {
      await expectSome(page, ".legend", "Failed 1");
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByRole("button", { name: "Send 1 again" }).click();
      await expectSome(page, ".outcome", "1 input is sent again, in 1 request");
      await expectSome(page, ".chip", "all 3");
      await expectSome(page, ".head .badge", "done");
      expect((await run.snapshot()).rounds).to.equal(1);
    });
  });

  it("cancels a run", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    await runs.start(request(50, { limits: { maxImagesInProcessing: 20 } }));
    await inDashboard(runs, "#/runs/scans", async (page) => {
      await expectSome(page, ".chip.state-running", "2");
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByRole("button", { name: "Cancel the run" }).click();
      await expectSome(page, ".outcome", "nothing more is submitted");
      expect((await runs.get("scans"))?.state).to.be.oneOf(["cancelling", "cancelled"]);
      await expectSome(page, ".head .badge", "cancelled");
      await expectSome(page, ".legend", "Not submitted 30");
    });
  });

  it("asks for the new URL of a dashboard that was started again, and comes back by it", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    await runs.start(request(50, { limits: { maxImagesInProcessing: 20 } }));
    const first = await startDashboard(optionsOf(runs));
    const watch = { allowed: allowedAt(first.url), expected: /ERR_|Failed to load resource/ };
    const { page, close } = await openWatched(browser, `${first.url}#/runs/scans`, watch);
    await expectSome(page, ".head .badge", "running");
    await first.close();
    await expectSome(page, ".failure", "The connection is lost");
    const port = Number(new URL(first.url).port);
    await using second = await startDashboard({ ...optionsOf(runs), port });
    await expectSome(page, ".failure", "A server that was started anew has another key.");
    await page.goto(new URL("/", first.url).href);
    expect(await page.textContent("body")).to.contain("This page needs its key");
    await page.goto(first.url);
    expect(await page.textContent("body")).to.contain("This page needs its key");
    await page.goto(`${second.url}#/runs/scans`);
    await expectSome(page, ".head .badge", "running");
    await page.getByRole("button", { name: "Pause" }).click();
    await expectSome(page, ".head .badge", "paused");
    await page.reload();
    await expectSome(page, ".head .badge", "paused");
    await close();
  });

  it("opens by a link of another site, and shows scripts no cookie", async () => {
    const runs = await fixture.open();
    await runs.start(request(10));
    await using dashboard = await startDashboard(optionsOf(runs));
    const link = `<a href="${dashboard.url}">the dashboard</a>`;
    const site = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(link);
    }).listen(0, "127.0.0.1");
    await once(site, "listening");
    try {
      const { port } = site.address() as AddressInfo;
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://localhost:${port}/`);
      await page.click("a");
      await page.waitForURL(`${new URL(dashboard.url).origin}/`);
      await expectSome(page, ".run-card", "scans");
      expect(await page.evaluate("document.cookie")).to.equal("");
      await context.close();
    } finally {
      site.closeAllConnections();
      site.close();
    }
  });

  it("decides about a submit of unknown fate, and notes who did", async () => {
    const fault = { method: "AsyncBatchAnnotateImages", nth: 2, when: "beforeAcceptance" } as const;
    fixture.admin.setFaults([{ ...fault, dropConnection: true }]);
    const runs = await fixture.open({ maxSubmitting: 1 });
    const run = await runs.start(request(30, { quarantineMs: 10_000 }));
    await inDashboard(runs, "#/runs/scans", async (page) => {
      await expectSome(page, ".troubles", "1 chunk waits for your decision", 20_000);
      await page.click("text=show");
      await page.click(".chunk-row >> nth=0");
      await page.getByRole("button", { name: "Submit again…" }).click();
      await page.locator("dialog").getByRole("button", { name: "Submit again" }).click();
      await expectSome(page, ".outcome", "resubmit");
      await expectSome(page, ".head .badge", "done");
      await expectSome(page, ".attempts", "Attempt 2");
      await expectSome(page, ".events", "decided: resubmit, by somebody");
      expect((await run.wait()).inputs).to.include({ succeeded: 29, failed: 1 });
    });
  });
});

/** What a page of a dashboard may ask. */
function allowedAt(url: string): RegExp {
  return new RegExp(`^(${new URL(url).origin}/|data:)`);
}

async function expectSome(
  page: Page,
  selector: string,
  text: string,
  timeoutMs = 10_000,
): Promise<void> {
  const texts = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (each) => each.textContent).join("\\n")`;
  await waitUntil(page, `${texts}.includes(${JSON.stringify(text)})`, timeoutMs);
  expect(await page.evaluate(texts)).to.include(text);
}
