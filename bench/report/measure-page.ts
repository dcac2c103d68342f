import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { waitUntil } from "../../scripts/browser/wait-until.ts";
import { median } from "../bench.ts";

const openings = 5;
const wheelTurns = 150;
const jumps = 30;
const scrollPasses = 3;

/** How fast a report is there, and how long it keeps the browser from anything else. */
export interface PageFigures {
  /** From the navigation to the first cards, of fresh profiles, median. */
  readonly firstPaintMs: number;
  /** From the navigation to the first content at all, median. */
  readonly firstContentMs: number;
  /**
   * The longest task while it is scrolled, by turns of a wheel and by jumps, median of passes; 0: none took
   * 50 ms. Other work on the machine counts, as it does for who looks.
   */
  readonly longestTaskMs: number;
  /** The longest task of a further pass by the time that it had a processor. */
  readonly longestTaskCpuMs: number;
  /** The longest task while all text is searched; 0: none took 50 ms. */
  readonly longestSearchTaskMs: number;
  readonly searchSeconds: number;
}

/** Measures a report in a browser. */
export async function measurePage(browser: Browser, path: string): Promise<PageFigures> {
  const url = pathToFileURL(path).href;
  await openOnce(browser, url);
  const opened: Opening[] = [];
  for (let i = 0; i < openings; i++) opened.push(await openOnce(browser, url));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await shown(page);
  await page.waitForTimeout(1000);
  const passes: number[] = [];
  for (let pass = 0; pass < scrollPasses; pass++) {
    passes.push(await longestTask(page, () => scroll(page)));
  }
  const longestTaskCpuMs = await longestCpuTask(browser, page);
  const startMs = performance.now();
  const longestSearchTaskMs = await longestTask(page, async () => {
    await page.fill("#search", "harbor cinema");
    const isDone = "/ of /.test(document.querySelector('.found').textContent)";
    if (!(await waitUntil(page, isDone, 120_000))) throw new Error("the search does not end");
  });
  const searchSeconds = (performance.now() - startMs) / 1000;
  await page.close();
  return {
    firstPaintMs: median(opened.map(({ shownMs }) => shownMs)),
    firstContentMs: median(opened.map(({ contentMs }) => contentMs)),
    ...{ longestTaskMs: median(passes), longestTaskCpuMs },
    ...{ longestSearchTaskMs, searchSeconds },
  };
}

interface Opening {
  readonly shownMs: number;
  readonly contentMs: number;
}

async function openOnce(browser: Browser, url: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  await shown(page);
  const [shownMs, contentMs] = await page.evaluate<[number, number]>(
    `["report-shown", "first-contentful-paint"].map(
      (name) => performance.getEntriesByName(name)[0].startTime)`,
  );
  await context.close();
  return { shownMs, contentMs };
}

async function shown(page: Page): Promise<void> {
  const isShown =
    "performance.getEntriesByName('report-shown').length > 0 && " +
    "performance.getEntriesByName('first-contentful-paint').length > 0";
  if (!(await waitUntil(page, isShown, 30_000))) throw new Error("the report shows nothing");
}

/** The longest task that the browser tells of; it tells of those of 50 ms and more. */
async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(`{
    globalThis.longest = 0;
    globalThis.observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: "longtask" });
  }`);
  await work();
  await page.waitForTimeout(300);
  return page.evaluate<number>("observer.disconnect(), longest");
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of a processor. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

async function longestCpuTask(browser: Browser, page: Page): Promise<number> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await scroll(page);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const { traceEvents: events } = trace;
  const threads = events.filter(({ args }) => args.name === "CrRendererMain");
  const isMain = ({ pid, tid }: TraceEvent): boolean =>
    threads.some((thread) => thread.pid === pid && thread.tid === tid);
  const tasks = events.filter((event) => event.name.endsWith("RunTask") && isMain(event));
  if (tasks.length === 0) throw new Error("the trace tells of no task");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(800, 500);
  for (let turn = 0; turn < wheelTurns; turn++) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(16);
  }
  // As one drags the bar: each time to where nothing was read yet.
  for (let jump = 1; jump <= jumps; jump++) {
    const part = (jump * 0.618) % 1;
    await page.evaluate(
      `{ const list = document.querySelector(".gallery"); list.scrollTop = list.scrollHeight * ${part}; }`,
    );
    await page.waitForTimeout(100);
  }
}
