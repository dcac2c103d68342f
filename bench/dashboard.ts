import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../src/emulator/index.ts";
import { openRuns, type RunInput, type Runs } from "../src/index.ts";
import type { Bench } from "./bench.ts";
import { startSlicedChild, type SlicedChild } from "./child-process.ts";

const chunks = 1000;
const otherRuns = 50;
const settleMs = 3000;
const measuredMs = 20_000;

/** The share of a core that a dashboard takes, of a journal of 51 runs and 1,050 chunks: while nobody looks, and while one page does. */
export const dashboardBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-dashboard-"));
  const journal = `sqlite:${join(root, "runs.db")}`;
  const urlFile = join(root, "url");
  try {
    await using emulator = await startEmulator({ directory: join(root, "buckets") });
    const client = { emulator: { grpc: emulator.grpc, rest: emulator.http } };
    await using runs = await openRuns({ journal, drive: false, client });
    report(`planning ${otherRuns + 1} runs`);
    await planRuns(runs);
    const child = startSlicedChild("dashboard-server.mjs", [journal, emulator.grpc, urlFile]);
    try {
      report("nobody looks");
      await sleep(settleMs);
      const idle = await cpuOf(child, () => sleep(measuredMs));
      report("one page looks, at a run whose state changes every second");
      const looking = await look(child, { runs, url: readFileSync(urlFile, "utf8") });
      return {
        figures: { idleCpu: idle, watchedCpu: looking },
        bounds: { idleCpu: { max: 0.01 } },
      };
    } finally {
      await child.close();
    }
  } finally {
    rmSync(root, { recursive: true });
  }
};

async function planRuns(runs: Runs): Promise<void> {
  const start = async (id: string, count: number): Promise<void> => {
    const inputs = Array.from({ length: count }, (_, at): RunInput => `gs://inputs/${at}.png`);
    const asked = {
      features: ["LABEL_DETECTION"],
      output: "gs://out/",
      imagesPerChunk: 1,
    } as const;
    await runs.start({ ...asked, id, inputs });
  };
  for (let place = 0; place < otherRuns; place += 1) await start(`other-${place}`, 1);
  await start("watched", chunks);
}

async function look(
  child: SlicedChild,
  { runs, url }: { readonly runs: Runs; readonly url: string },
): Promise<number> {
  const opened = await fetch(url, { redirect: "manual" });
  const [cookie = ""] = opened.headers.getSetCookie();
  const cut = new AbortController();
  const response = await fetch(new URL("/api/events?run=watched", url), {
    headers: { cookie },
    signal: cut.signal,
  });
  if (!response.ok) throw new Error(`the dashboard answers ${response.status}`);
  const reading = response.text().catch(() => "");
  await sleep(settleMs);
  const cpu = await cpuOf(child, async () => {
    for (let second = 0; second < measuredMs / 1000; second += 1) {
      await (second % 2 === 0 ? runs.pause("watched") : runs.resume("watched"));
      await sleep(1000);
    }
  });
  cut.abort();
  await reading;
  return cpu;
}

/** The share of a core that a child takes meanwhile. */
async function cpuOf(child: SlicedChild, work: () => Promise<void>): Promise<number> {
  const before = await child.measure("now");
  await work();
  const after = await child.measure("now");
  const grown = (name: string): number =>
    (after[name] ?? Number.NaN) - (before[name] ?? Number.NaN);
  return grown("cpuMs") / grown("wallMs");
}
