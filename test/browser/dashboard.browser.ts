import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { buildPage } from "../../scripts/build/pages.ts";
import { startBrowser } from "../../scripts/browser/start-browser.ts";
import { waitUntil } from "../../scripts/browser/wait-until.ts";
import type { RunDetail } from "../../src/dashboard/dashboard-data.ts";
import { injections } from "../report/injections.ts";
import { expectAccessible } from "./axe-check.ts";
import { sampleChunkDetail, sampleMs, sampleRun } from "./dashboard-samples.ts";
import { injectedChunk, injectedRun } from "./injected-dashboard.ts";
import { openWatched } from "./open-page.ts";
import { ScriptedDashboard, type Script } from "./scripted-dashboard.ts";

const screenshots = join(import.meta.dirname, "../../temp/screenshots");
const narrow = { width: 400, height: 900 };
const [archive, decided] = ["#/runs/archive-2026", "#/runs/archive-2026/chunks/17"];

/** What happens when a server ends is told by the browser too. */
const lostText = /ERR_|Failed to load resource/;

interface Opened {
  readonly page: Page;
  readonly server: ScriptedDashboard;
  /** Lets another server end when the page is closed. */
  readonly endAfter: (server: ScriptedDashboard) => void;
}

describe("the dashboard's page", function () {
  this.timeout(60_000);
  let assets = "";
  let browser: Browser;
  before(async () => {
    assets = mkdtempSync(join(tmpdir(), "dashboard-page-"));
    await buildPage("dashboard", assets);
    mkdirSync(screenshots, { recursive: true });
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(assets, { recursive: true });
  });

  /** Opens the page at a place, and fails on whatever should not have happened in it. */
  async function inDashboard(
    { hash = "#/", script, ...more }: Given,
    use: (opened: Opened) => Promise<void>,
  ): Promise<void> {
    const server = await ScriptedDashboard.start(script ?? { details: [sampleRun()] }, assets);
    const servers = [server];
    const { options, expected } = more;
    const { page, close } = await openWatched(browser, server.url + hash, {
      allowed: new RegExp(`^(${server.url}|data:)`),
      ...(options === undefined ? {} : { options }),
      ...(expected === undefined ? {} : { expected }),
    });
    try {
      expect(await waitUntil(page, "document.querySelector('.connection.live') !== null")).to.equal(
        true,
      );
      await use({ page, server, endAfter: (each) => servers.push(each) });
      await close();
    } finally {
      for (const each of servers) await each.close();
    }
  }

  interface Given {
    readonly hash?: string;
    readonly script?: Script;
    readonly options?: BrowserContextOptions;
    readonly expected?: RegExp;
  }

  it("lists runs, and shows what changes without being asked", async () => {
    await inDashboard({}, async ({ page, server }) => {
      await expectText(page, ".run-card .name", "archive-2026");
      await expectText(page, ".run-card .badge", "running");
      await expectSome(page, ".run-card .figures", "62,889 of 120,000 inputs, 52%");
      await expectSome(page, ".run-card .figures", "25 min left");
      await page.locator(".run-card").focus();
      const [paused, added] = [sampleRun({ state: "paused" }), sampleRun({ id: "later" })];
      server.tell("runs", { atMs: 1, runs: [added, paused], removed: [], left: 4 });
      await expectText(page, ".run-card .name", "later,archive-2026");
      await expectText(page, ".run-card .badge", "running,paused");
      await expectText(page, "[role=status]", "Run archive-2026 is paused.");
      await expectSome(page, "main", "4 older runs are not shown.");
      expect(await focused(page)).to.contain("archive-2026");
      server.tell("runs", { atMs: 2, runs: [], removed: ["later"], left: 4 });
      await expectText(page, ".run-card .name", "archive-2026");
    });
  });

  it("shows a run: numbers, charts, limits, workers, errors", async () => {
    await inDashboard({ hash: archive }, async ({ page, server }) => {
      await expectSome(page, ".facts", "103.50 USD");
      await expectSome(page, ".facts", "14 refused");
      await expectSome(page, ".meters", "6,900 of 8,000");
      await expectSome(page, ".side-panels", "host-b/812/77aa");
      await expectSome(page, ".side-panels", "refused with RESOURCE_EXHAUSTED");
      expect(await page.locator(".chart canvas").count()).to.equal(3);
      const before = await page.evaluate("document.querySelector('.chart canvas').toDataURL()");
      const last = sampleRun().atMs + 60_000;
      const point = { atMs: last, ended: 0, submits: 0, polls: 0, inProcessing: 0 };
      server.tell("throughput", { run: "archive-2026", points: [point] });
      const after = "document.querySelector('.chart canvas').toDataURL()";
      expect(await waitUntil(page, `${after} !== ${JSON.stringify(before)}`)).to.equal(true);
      server.tell("run", sampleRun({ polls: 3333 }));
      await expectSome(page, ".facts", "3,333");
      server.tell("run", sampleRun({ inputsPerSecond: 0.0213 }));
      await expectSome(page, ".facts", "0.02inputs a second");
      await page.click("text=show");
      await expectPressed(page, "unknown");
    });
  });

  it("says whether it is the service or the storage that is not reached", async () => {
    for (const [name, words] of [
      ["StorageError", "The storage is not reached since"],
      ["RpcError", "The service is not reached since"],
    ] as const) {
      const problem = { sinceMs: sampleMs, error: { name, message: "connect ECONNREFUSED" } };
      const script: Script = { details: [sampleRun({ problem })] };
      await inDashboard({ script }, async ({ page }) => {
        await expectSome(page, ".run-card .trouble", words);
        await page.click(".run-card");
        await expectSome(page, ".troubles", words);
      });
    }
  });

  it("tells of a run that is not there", async () => {
    await inDashboard({ hash: "#/runs/none" }, async ({ page }) => {
      await expectSome(page, "main", "The journal has no run of this name.");
    });
  });

  it("filters chunks by their state", async () => {
    await inDashboard({ hash: archive }, async ({ page }) => {
      await expectSome(page, ".chunk-rows", "not sent yet");
      await page.getByRole("button", { name: /^failed/ }).click();
      await expectPressed(page, "failed");
      expect(page.url()).to.match(/#\/runs\/archive-2026\?state=failed$/);
      const states =
        "[...document.querySelectorAll('.chunk-row .badge')].map((e) => e.textContent)";
      expect(await waitUntil(page, `${states}.every((each) => each === "failed")`)).to.equal(true);
      const first = "document.querySelector('.chunk-row .number')?.textContent === '23'";
      expect(await waitUntil(page, first)).to.equal(true);
    });
  });

  it("draws only what is in view of 100,000 chunks, and gets to the last", async () => {
    const script: Script = { details: [withChunks(100_000)] };
    await inDashboard({ hash: archive, script }, async ({ page, server }) => {
      await page.locator(".chunk-row").first().focus();
      await page.keyboard.press("End");
      const isLast = "document.activeElement?.querySelector('.number')?.textContent === '99999'";
      expect(await waitUntil(page, isLast)).to.equal(true);
      const isRead = "document.activeElement?.querySelector('.badge') !== null";
      expect(await waitUntil(page, isRead)).to.equal(true);
      expect(await page.locator(".chunk-row").count()).to.be.below(60);
      server.tell("run", withChunks(100_000));
      await page.keyboard.press("ArrowUp");
      expect(await waitUntil(page, isLast.replace("99999", "99998"))).to.equal(true);
      await page.keyboard.press("Enter");
      await expectText(page, "h1", "Chunk 99998");
    });
  });

  it("reads more chunks of a state as they come into view", async () => {
    const script: Script = { details: [withChunks(100_000)] };
    await inDashboard({ hash: `${archive}?state=done`, script }, async ({ page }) => {
      await expectPressed(page, "done");
      const height = "document.querySelector('.chunk-rows ul').offsetHeight";
      expect(await waitUntil(page, `${height} > 46 * 99`)).to.equal(true);
      await page.locator(".chunk-row").first().focus();
      await page.keyboard.press("End");
      expect(await waitUntil(page, `${height} > 46 * 199`)).to.equal(true);
    });
  });

  it("pauses with the token of the server, and keeps the keyboard where it is", async () => {
    await inDashboard({ hash: archive }, async ({ page, server }) => {
      await page.getByRole("button", { name: "Pause" }).focus();
      await page.keyboard.press("Enter");
      await expectText(page, ".outcome", "Done: /api/runs/archive-2026/pause");
      await expectText(page, "[role=status]", "Done: /api/runs/archive-2026/pause");
      server.tell("run", sampleRun({ state: "paused", actions: ["resume", "cancel"] }));
      await expectSome(page, ".actions", "Resume");
      expect(await focused(page)).to.equal("Resume");
      expect(server.posts).to.deep.equal([
        { path: "/api/runs/archive-2026/pause", token: "t", body: {} },
      ]);
    });
  });

  it("asks before it cancels, and does nothing where that is left", async () => {
    await inDashboard({ hash: archive }, async ({ page, server }) => {
      await page.getByRole("button", { name: "Cancel…" }).click();
      await expectSome(page, "dialog", "57,111 inputs have no result yet");
      await page.keyboard.press("Escape");
      await waitUntil(page, "document.querySelector('dialog') === null");
      expect(await focused(page)).to.equal("Cancel…");
      expect(server.posts).to.deep.equal([]);
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByRole("button", { name: "Cancel the run" }).click();
      await expectText(page, ".outcome", "Done: /api/runs/archive-2026/cancel");
    });
  });

  it("sends again the inputs that are chosen", async () => {
    await inDashboard({ hash: archive }, async ({ page, server }) => {
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByLabel("Failed").uncheck();
      await page.getByLabel("Partial").check();
      await page.getByRole("button", { name: "Send 395 again" }).click();
      await expectText(page, ".outcome", "Done: /api/runs/archive-2026/retry");
      expect(server.posts[0]?.body).to.deep.equal({
        statuses: ["missing", "notSubmitted", "partial"],
      });
    });
  });

  it("shows a chunk, and says before it is decided what that may cost", async () => {
    await inDashboard({ hash: decided }, async ({ page, server }) => {
      await expectSome(page, ".attempts", "gs://results/archive/archive-2026/000017/1/");
      await expectSome(page, ".events", "about to be submitted");
      await expectSome(page, ".inputs", "gs://scans/שלום.png");
      await expectSome(page, ".decide", "may be billed twice");
      await page.getByRole("button", { name: "Submit again…" }).click();
      await expectSome(page, "dialog", "billed twice");
      await page.locator("dialog").getByRole("button", { name: "Submit again" }).click();
      await expectSome(page, ".outcome", "Done");
      const path = "/api/runs/archive-2026/chunks/17/decide";
      expect(server.posts).to.deep.equal([{ path, token: "t", body: { decision: "resubmit" } }]);
    });
  });

  it("reads a chunk again when its run has changed", async () => {
    const script: Script = { details: [sampleRun()] };
    await inDashboard({ hash: decided, script }, async ({ page, server }) => {
      await expectText(page, ".head .badge", "unknown");
      script.chunkDetail = (number) => ({ ...sampleChunkDetail(number), state: "collecting" });
      server.tell("run", sampleRun({ polls: 1 }));
      await expectText(page, ".head .badge", "collecting");
    });
  });

  it("offers nothing where nothing can be changed, and says what was refused", async () => {
    const details = [sampleRun()];
    const readOnly = { details, session: { readOnly: true } };
    await inDashboard({ hash: archive, script: readOnly }, async ({ page }) => {
      await expectSome(page, "#app", "Nothing can be changed from here.");
      expect(await page.getByRole("button", { name: "Pause" }).count()).to.equal(0);
    });
    const script: Script = { details, refusal: "run archive-2026 is not running: it is done" };
    const given = { hash: archive, script, expected: lostText };
    await inDashboard(given, async ({ page }) => {
      await page.getByRole("button", { name: "Pause" }).click();
      await expectText(page, ".outcome.trouble", "run archive-2026 is not running: it is done");
    });
  });

  it("asks with the new token where the server has another", async () => {
    const script: Script = { details: [sampleRun()] };
    const given = { hash: archive, script, expected: lostText };
    await inDashboard(given, async ({ page, server }) => {
      await expectSome(page, ".actions", "Pause");
      script.session = { token: "another" };
      await page.getByRole("button", { name: "Pause" }).click();
      await expectSome(page, ".outcome", "Done");
      expect(server.posts.map(({ token }) => token)).to.deep.equal(["t", "another"]);
    });
  });

  it("says that the connection is lost, and comes back to another server with its token", async () => {
    const script: Script = { details: [sampleRun()] };
    await inDashboard({ hash: archive, script, expected: lostText }, async (opened) => {
      const { page, server, endAfter } = opened;
      await expectSome(page, ".facts", "2,214");
      const { port } = new URL(server.url);
      await server.close();
      await expectSome(page, ".failure", "What you see was so at");
      await expectText(page, "[role=status]", "The connection is lost.");
      await expectSome(page, ".facts", "2,214");
      const next: Script = { details: [sampleRun({ polls: 5555 })], session: { token: "next" } };
      const again = await ScriptedDashboard.start(next, assets, Number(port));
      endAfter(again);
      await expectSome(page, ".facts", "5,555");
      await expectText(page, "[role=status]", "Connected again.");
      expect(await page.locator(".failure").count()).to.equal(0);
      await page.getByRole("button", { name: "Pause" }).click();
      await expectSome(page, ".outcome", "Done");
      expect(again.posts[0]?.token).to.equal("next");
    });
  });

  it("says where the new URL is when the server has another key, and asks no more until somebody comes back", async () => {
    const script: Script = { details: [sampleRun()] };
    await inDashboard({ hash: archive, script, expected: lostText }, async ({ page, server }) => {
      await expectSome(page, ".facts", "2,214");
      script.locked = "This page is opened by a URL with a key.";
      server.hangUp();
      await expectSome(page, ".failure", "This page is opened by a URL with a key.");
      await expectText(page, "[role=status]", "The server has another key.");
      await expectText(page, ".connection", "Another key");
      await expectSome(page, ".facts", "2,214");
      const { asked } = server;
      await page.waitForTimeout(3500);
      expect(server.asked).to.equal(asked);
      delete script.locked;
      await setVisible(page, "hidden");
      await setVisible(page, "visible");
      await expectText(page, ".connection", "Live");
      expect(await page.locator(".failure").count()).to.equal(0);
    });
  });

  it("says of what time that is which it shows, also when it comes back to no server", async () => {
    await inDashboard({ hash: archive, expected: lostText }, async ({ page, server }) => {
      await expectSome(page, ".facts", "2,214");
      await page.clock.install();
      await setVisible(page, "hidden");
      const hidden = String(await page.evaluate("new Date().toLocaleTimeString('en-GB')"));
      await page.clock.fastForward(3_600_000);
      await server.close();
      await setVisible(page, "visible");
      await expectSome(page, ".failure", "What you see was so at");
      await expectSome(page, ".failure", hidden.slice(0, 5));
    });
  });

  it("does not listen while nobody looks", async () => {
    await inDashboard({ hash: archive }, async ({ page, server }) => {
      expect(server.listeners).to.deep.equal(["archive-2026"]);
      await setVisible(page, "hidden");
      await until(() => server.listeners.length === 0);
      await setVisible(page, "visible");
      await until(() => server.listeners.length === 1);
      await page.keyboard.press("w");
      await expectText(page, "h1", "Workers");
      await until(() => server.listeners.length === 1 && server.listeners[0] === null);
    });
  });

  it("is used by the keyboard alone", async () => {
    await inDashboard({}, async ({ page }) => {
      await page.locator(".run-card").focus();
      await page.keyboard.press("Enter");
      await expectText(page, "h1", "archive-2026");
      await expectSome(page, ".go-to", "Go to chunk");
      await page.keyboard.press("/");
      await page.keyboard.type("23");
      await page.keyboard.press("Enter");
      await expectText(page, "h1", "Chunk 23");
      await page.keyboard.press("j");
      await expectText(page, "h1", "Chunk 24");
      await page.keyboard.press("k");
      await expectText(page, "h1", "Chunk 23");
      await page.keyboard.press("u");
      await expectText(page, "h1", "archive-2026");
      expect(await page.evaluate("document.activeElement?.tagName")).to.equal("MAIN");
      await page.keyboard.press("?");
      await expectSome(page, "dialog.help", "go to a chunk by its number");
      await page.keyboard.press("Escape");
      await waitUntil(page, "document.querySelector('dialog') === null");
      await page.keyboard.press("r");
      await expectText(page, "h1", "Runs");
    });
  });

  it("obeys nothing that stands in names, errors, events or outputs", async () => {
    const texts = injections.map((text) => text.toWellFormed());
    const script: Script = {
      details: texts.map(injectedRun),
      chunkDetail: (number) => injectedChunk(number, texts[number] ?? ""),
      chunk: (number) => injectedChunk(number, texts[number % texts.length] ?? ""),
      session: { journal: texts.join(" ") },
    };
    await inDashboard({ script }, async ({ page, server }) => {
      await expectText(page, ".run-card .name", texts.join());
      await expectUntouched(page);
      for (const [number, text] of texts.entries()) {
        await page.evaluate(`location.hash = ${JSON.stringify(runHash(text))}`);
        await expectText(page, "h1", text);
        await expectSome(page, ".chunk-rows", texts[0] ?? "");
        await expectUntouched(page);
        await page.evaluate(`location.hash += "/chunks/${number}"`);
        await expectSome(page, ".attempts", text);
        server.tell("journal", { atMs: 1, error: { name: text, message: text } });
        await expectSome(page, ".failure", text);
        await expectUntouched(page);
      }
    });
  });

  for (const scheme of ["light", "dark"] as const) {
    for (const size of ["desktop", "narrow"] as const) {
      it(`has no serious accessibility finding: ${scheme}, ${size}`, async () => {
        const viewport = size === "narrow" ? narrow : { width: 1280, height: 900 };
        const options = { colorScheme: scheme, viewport };
        await inDashboard({ options }, async ({ page }) => {
          const places = { runs: "#/", run: archive, chunk: decided, workers: "#/workers" };
          for (const [name, place] of Object.entries(places)) {
            await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
            const isThere = "document.querySelector('main .nothing') === null";
            await page.waitForTimeout(150);
            expect(await waitUntil(page, isThere)).to.equal(true);
            await expectAccessible(page);
            const main = "document.querySelector('main')";
            const isWide = await page.evaluate(`${main}.scrollWidth > ${main}.clientWidth`);
            expect(isWide, `${name} is wider than the window`).to.equal(false);
            const path = join(screenshots, `dashboard-${name}-${scheme}-${size}.png`);
            await page.screenshot({ path });
          }
          await page.evaluate(`location.hash = ${JSON.stringify(archive)}`);
          await page.getByRole("button", { name: "Retry…" }).click();
          await expectAccessible(page);
          await page.screenshot({
            path: join(screenshots, `dashboard-retry-${scheme}-${size}.png`),
          });
        });
      });
    }
  }
});

/** Where a run is; as the page itself would lead there. */
function runHash(id: string): string {
  return `#/runs/${encodeURIComponent(id)}`;
}

const intruders = ":is(script, iframe, img, base, link, meta, style, math, svg)";

async function expectUntouched(page: Page): Promise<void> {
  const found = `document.querySelectorAll("#app ${intruders}").length`;
  expect(await page.evaluate(`[globalThis.injected, ${found}]`)).to.deep.equal([undefined, 0]);
}

function withChunks(total: number): RunDetail {
  const run = sampleRun();
  return { ...run, chunks: { ...run.chunks, done: total - 579, total } };
}

/** The texts of what is found, in their order; what changes may take a frame. */
async function expectText(page: Page, selector: string, text: string): Promise<void> {
  const texts = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (each) => each.textContent).join()`;
  await waitUntil(page, `${texts} === ${JSON.stringify(text)}`);
  expect(await page.evaluate(texts)).to.equal(text);
}

async function expectSome(page: Page, selector: string, text: string): Promise<void> {
  const texts = `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (each) => each.textContent).join("\\n")`;
  await waitUntil(page, `${texts}.includes(${JSON.stringify(text)})`);
  expect(await page.evaluate(texts)).to.include(text);
}

async function expectPressed(page: Page, state: string): Promise<void> {
  const pressed = "document.querySelector('.chip[aria-pressed=true]')?.textContent";
  await waitUntil(page, `${pressed}?.startsWith("${state}")`);
  expect(await page.evaluate(pressed)).to.match(new RegExp(`^${state}`));
}

function focused(page: Page): Promise<string> {
  return page.evaluate("document.activeElement?.textContent ?? ''");
}

async function setVisible(page: Page, state: "visible" | "hidden"): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`);
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds() && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
  expect(holds()).to.equal(true);
}
