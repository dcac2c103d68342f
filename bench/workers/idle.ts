import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement } from "../child-process.ts";
import { figureOf, until, WorkerBench } from "./worker-bench.ts";

/** As Google recommends. */
const firstPollMs = 20_000;
/** Runs wait for different things. */
const kinds = ["startRunning", "startWaiting", "startPaused"] as const;

/** What a worker and its database do while nothing but waiting is to be done. */
export async function measureIdle(
  runs: number,
  { settleMs, measureMs }: { readonly settleMs: number; readonly measureMs: number },
): Promise<Measurement> {
  await using bench = await WorkerBench.start(Math.ceil(runs / kinds.length));
  const { database, emulator, service } = bench;
  await emulator.measure("hold");
  for (const kind of kinds) await service.measure(kind);
  const worker = bench.startWorker(firstPollMs);
  try {
    // Of those that wait for room the first has it.
    const expected = Math.ceil(runs / kinds.length) + 1;
    await until(async () => (await emulator.measure("counts"))["submits"] === expected);
    await sleep(settleMs);
    const before = figureOf(await worker.measure("usage"), "cpuMs");
    const pollsBefore = figureOf(await emulator.measure("counts"), "polls");
    await database.reset();
    const start = performance.now();
    await sleep(measureMs);
    const ms = performance.now() - start;
    const { writes, changes, statements, cpuMs } = await database.read();
    const used = await worker.measure("usage");
    return {
      idleCpu: (figureOf(used, "cpuMs") - before) / ms,
      idleDatabaseCpu: cpuMs / ms,
      idleWritesPerSecond: (1000 * writes) / ms,
      idleChangesPerSecond: (1000 * changes) / ms,
      idleStatementsPerSecond: (1000 * statements) / ms,
      idlePollsPerSecond:
        (1000 * (figureOf(await emulator.measure("counts"), "polls") - pollsBefore)) / ms,
      idleRssMiB: figureOf(used, "rssMiB"),
    };
  } finally {
    await worker.close();
  }
}
