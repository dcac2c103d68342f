import { availableParallelism } from "node:os";
import { median, type Bench, type Bound } from "./bench.ts";
import type { Measurement } from "./child-process.ts";
import { response } from "./children/run-load.mjs";
import { measureIdle } from "./workers/idle.ts";
import { measurePlan } from "./workers/plan.ts";
import { measureThroughput } from "./workers/throughput.ts";

const images = 32_000;
const workerCounts = [1, 2, 4] as const;
const plannedImages = 1_000_000;
const rounds = 2;
const responseBytes = JSON.stringify(response).length;
const runs = 1000;
/** Longer than the first pause of an operation, after which reads come as they go on coming. */
const settleMs = 25_000;
const measureMs = 30_000;
/** Beside so many cores for PostgreSQL and the emulator workers have one each. */
const otherCores = 2;

/**
 * Workers on a PostgreSQL and an emulator in processes of their own: how many images a second 1, 2 and 4 of
 * them read and write as records, with responses of 20 kB; what the database does for them, and takes of a
 * million images; and what one of them costs while 1,000 runs wait, a third of them each for their
 * operations, for room and for somebody to resume them.
 *
 * Write statements are counted by pg_stat_statements: every insert, update and delete that a client has
 * sent, whether it found a row or not, from the end of the plan to the last record. Most of those that
 * find none ask for jobs, so there are more of them the longer the work takes and the more workers ask.
 */
export const workersBench: Bench = async (report) => {
  report(`an idle worker, ${runs} runs waiting`);
  const idle = await measureIdle(runs, { settleMs, measureMs });
  report(`${plannedImages} images planned`);
  const plan = await measurePlan(plannedImages);
  const measured = new Map(workerCounts.map((count) => [count, [] as Measurement[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const count of round % 2 === 0 ? workerCounts : workerCounts.toReversed()) {
      report(`${images} images, workers: ${count}, round ${round + 1} of ${rounds}`);
      measured.get(count)?.push(await measureThroughput(images, count));
    }
  }
  const middle = (count: WorkerCount, name: string): number =>
    median((measured.get(count) ?? []).map((each) => each[name] ?? Number.NaN));
  const figures = {
    ...figuresOf(middle),
    ...plan,
    ...idle,
    responseBytes,
    cores: availableParallelism(),
  };
  const isFree = availableParallelism() >= 2 + otherCores;
  return { figures, bounds: isFree ? { ...bounds, speedup2: { min: 1.7 } } : bounds };
};

type WorkerCount = (typeof workerCounts)[number];

const bounds: Readonly<Record<string, Bound>> = {
  dbWritesPerImage: { max: 0.05 },
  idleCpu: { max: 0.02 },
};

/** The median of a figure that was measured with so many workers. */
type Middle = (count: WorkerCount, name: string) => number;

function figuresOf(middle: Middle): Record<string, number> {
  const speedOf = (count: WorkerCount): number => middle(count, "imagesPerSecond");
  const most = (name: string): number =>
    Math.max(...workerCounts.map((count) => middle(count, name)));
  return {
    speedup2: speedOf(2) / speedOf(1),
    speedup4: speedOf(4) / speedOf(1),
    dbWritesPerImage: most("dbWritesPerImage"),
    dbChangesPerImage: most("dbChangesPerImage"),
    ...Object.fromEntries(workerCounts.flatMap((count) => readingFigures(count, middle))),
    ...one(middle, ["workerCpuMsPerImage", "databaseCpuMsPerImage", "rssMiB"]),
    ...one(middle, ["connectionsPerWorker", "dbStatementsPerImage", "dbRowsPerImage"]),
    ...one(middle, ["journalBytesPerImage", "jobsBytesPerImage", "walBytesPerImage"]),
    ...one(middle, ["recordBytes"]),
  };
}

/** How fast so many workers read, and how many cores that took: of theirs, of the emulator and of PostgreSQL. */
function readingFigures(
  count: WorkerCount,
  middle: Middle,
): (readonly [name: string, value: number])[] {
  const cores = (name: string): number => middle(count, name) / middle(count, "ms");
  return [
    [`imagesPerSecond${count}`, middle(count, "imagesPerSecond")],
    [`workerCores${count}`, cores("workersCpuMs")],
    [`emulatorCores${count}`, cores("emulatorCpuMs")],
    [`databaseCores${count}`, cores("databaseCpuMs")],
  ];
}

/** What does not depend on how many workers there are. */
function one(middle: Middle, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, middle(1, name)]));
}
