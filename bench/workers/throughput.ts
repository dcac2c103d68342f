import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement, SlicedChild } from "../child-process.ts";
import { figureOf, until, WorkerBench } from "./worker-bench.ts";

/** Operations are due so soon, so that none is waited for that has ended. */
const firstPollMs = 2000;

/**
 * A run from its submits to the records of its last image, its results read by so many workers, each a
 * process with the options that workers have by themselves.
 *
 * The reading is measured alone: one worker submits while the emulator holds the operations; it ends, the
 * emulator writes the shards, and then the workers come, who find everything ready to be read. What the
 * database does is counted from the plan to the end.
 */
export async function measureThroughput(images: number, workers: number): Promise<Measurement> {
  await using bench = await WorkerBench.start(images);
  const { database, emulator, service } = bench;
  await emulator.measure("hold");
  const empty = await bench.emptySizes();
  await database.reset();
  await service.measure("start");
  const planned = await database.read();
  await database.reset();
  const chunks = await submitAll(bench, images);
  const reading = await readAll(bench, { workers, chunks });
  const after = await database.read();
  const sizes = await database.sizes();
  await check(bench, images);
  return {
    ...reading,
    imagesPerSecond: (1000 * images) / figureOf(reading, "ms"),
    workerCpuMsPerImage: figureOf(reading, "workersCpuMs") / images,
    databaseCpuMsPerImage: after.cpuMs / images,
    dbWritesPerImage: after.writes / images,
    dbRowsPerImage: after.rows / images,
    dbChangesPerImage: after.changes / images,
    dbStatementsPerImage: after.statements / images,
    walBytesPerImage: (planned.walBytes + after.walBytes) / images,
    recordBytes: bytesOf(recordsIn(bench.buckets)) / images,
    journalBytesPerImage: (sizes.journal - empty.journal) / images,
    jobsBytesPerImage: (sizes.jobs - empty.jobs) / images,
  };
}

/** Submits everything and has every operation done; tells how many there are. */
async function submitAll(bench: WorkerBench, images: number): Promise<number> {
  const { emulator } = bench;
  const worker = bench.startWorker(firstPollMs);
  try {
    await until(async () => (await emulator.measure("counts"))["images"] === images);
    const { submits = 0 } = await emulator.measure("counts");
    await until(async () => (await bench.service.measure("progress"))["running"] === submits);
    await worker.close();
    await emulator.measure("release");
    await until(async () => (await emulator.measure("counts"))["open"] === 0);
    await sleep(firstPollMs);
    return submits;
  } finally {
    await worker.close();
  }
}

/** From the moment at which all workers are there to the last object with records. */
async function readAll(
  bench: WorkerBench,
  { workers: count, chunks }: { readonly workers: number; readonly chunks: number },
): Promise<Measurement> {
  const { database, emulator } = bench;
  const workers: SlicedChild[] = [];
  try {
    const others = await database.connections();
    const emulatorBefore = figureOf(await emulator.measure("usage"), "cpuMs");
    const cpuBefore = (await database.read()).cpuMs;
    for (let index = 0; index < count; index += 1) workers.push(bench.startWorker(firstPollMs));
    const ready = workers.map((worker) => worker.measure("usage"));
    await Promise.race(ready);
    const start = performance.now();
    await until(() => Promise.resolve(recordsIn(bench.buckets).length > 0));
    const connections = (await database.connections()) - others;
    await until(() => Promise.resolve(recordsIn(bench.buckets).length === chunks));
    await until(async () => (await bench.service.measure("progress"))["open"] === 0);
    const ms = performance.now() - start;
    const before = await Promise.all(ready);
    const after = await Promise.all(workers.map((worker) => worker.measure("usage")));
    const cpuMs = sumOf(after, "cpuMs") - sumOf(before, "cpuMs");
    return {
      ...{ ms, workersCpuMs: cpuMs, rssMiB: sumOf(after, "rssMiB") / count },
      emulatorCpuMs: figureOf(await emulator.measure("usage"), "cpuMs") - emulatorBefore,
      databaseCpuMs: (await database.read()).cpuMs - cpuBefore,
      connectionsPerWorker: connections / count,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

function sumOf(all: readonly Measurement[], name: string): number {
  return all.reduce((sum, each) => sum + figureOf(each, name), 0);
}

/** The objects with records. */
function recordsIn(buckets: string): readonly string[] {
  return globSync("*/run/records/*.ndjson", { cwd: buckets }).map((path) => join(buckets, path));
}

function bytesOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + statSync(path).size, 0);
}

/** Each image was sent once and has succeeded. */
async function check({ emulator, service }: WorkerBench, images: number): Promise<void> {
  const { images: submitted } = await emulator.measure("counts");
  const { succeeded } = await service.measure("progress");
  if (submitted === images && succeeded === images) return;
  throw new Error(`${String(submitted)} images were submitted, ${String(succeeded)} succeeded`);
}
