import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator/index.ts";
import { measureChild, type Measurement } from "../child-process.ts";

const few = 200;
const many = 2000;
/** So many of them end, each replaced by another, so that as many are in flight at the last as at the first. */
const released = 400;

/**
 * Thousands of operations in flight at the emulator, followed by one process that does nothing else:
 * what a poll costs, what an operation holds, and whether the lag is that of few operations, at the
 * beginning and at the end.
 */
export async function measureInFlight(): Promise<Record<string, number>> {
  const recordedDir = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
  try {
    const response = { labelAnnotations: [{ description: "cat", score: 0.5 }] };
    writeFileSync(join(recordedDir, "index.json"), JSON.stringify([{ uri: "*", response }]));
    const small = await follow(recordedDir, few);
    const large = await follow(recordedDir, many);
    const of = (measurement: Measurement, name: string): number => measurement[name] ?? Number.NaN;
    const perOperation = (name: string): number =>
      (of(large, name) - of(small, name)) / (many - few);
    return {
      cpuMsPerPoll: of(large, "cpuMsPerPoll"),
      heapKiBPerOperation: perOperation("heapKiB"),
      rssKiBPerOperation: perOperation("rssKiB"),
      lagGrowthRatio: of(large, "lagMs") / of(small, "lagMs"),
      lagDriftRatio: of(large, "lastLagMs") / of(large, "firstLagMs"),
      inFlightLagMs: of(large, "lagMs"),
      inFlightPollsPerSecond: of(large, "pollsPerSecond"),
    };
  } finally {
    rmSync(recordedDir, { recursive: true });
  }
}

async function follow(recordedDir: string, count: number): Promise<Measurement> {
  await using emulator = await startEmulator({
    ...{ recordedDir, recordedFor: "all", waitSupported: false, workers: 1 },
  });
  const args = [emulator.grpc, emulator.http, String(count), String(released)];
  return await measureChild("poll-in-flight.mjs", args);
}
