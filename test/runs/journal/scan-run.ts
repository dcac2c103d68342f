import {
  chunkStates,
  endedChunkStates,
  inputStatuses,
} from "../../../src/runs/journal/chunk-record.ts";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import type { RunProgress } from "../../../src/runs/journal/run-progress.ts";

/** More than a run of a test has. */
const limit = 10_000;

/** What `progress` has to tell of a run, added up from each of its chunks and attempts. */
export async function scanRun(journal: Journal, run: number): Promise<RunProgress> {
  const records = (await journal.listChunks({ run, limit })).map(({ chunk }) => chunk);
  const files = new Set(records.filter(({ kind }) => kind === "file").map(({ number }) => number));
  const ended = records.filter(({ state }) => endedChunkStates.includes(state));
  let pages = 0;
  for (const { number } of ended.filter((chunk) => files.has(chunk.number))) {
    const outcome = await journal.readOutcome({ run, number });
    pages += Number(outcome?.manifest?.["pages"] ?? 0);
  }
  const attempts = await journal.listAttempts({ run, limit });
  const workers = [...new Set(records.map(({ worker }) => worker))].filter(
    (it) => it !== undefined,
  );
  return {
    run: (await journal.readRun(run))!,
    chunks: fromKeys(chunkStates, (state) => {
      const some = records.filter((chunk) => chunk.state === state);
      return { chunks: some.length, inputs: sum(some, ({ size }) => size) };
    }),
    counts: fromKeys(inputStatuses, (status) => sum(records, ({ counts }) => counts[status])),
    attempts: fromKeys(["accepted", "rejected", "unknown", "pending"], (outcome) => {
      const some = attempts.filter((each) => (each.outcome ?? "pending") === outcome);
      const ofFiles = some.filter(({ number }) => files.has(number));
      const inputs = sum(some, ({ size }) => size);
      return { attempts: some.length, inputs, files: sum(ofFiles, ({ size }) => size) };
    }),
    tried: records.filter(({ attempt }) => attempt > 0).length,
    ...{ polls: sum(records, ({ polls }) => polls), pages },
    undecided: records.filter(({ state, dueMs }) => state === "unknown" && dueMs === undefined)
      .length,
    workers: workers.sort().map((worker) => {
      const held = records.filter((chunk) => chunk.worker === worker);
      const leaseUntilMs = Math.max(...held.map((chunk) => chunk.leaseUntilMs ?? 0));
      return { worker, chunks: held.length, leaseUntilMs };
    }),
  };
}

function fromKeys<Key extends string, T>(
  keys: readonly Key[],
  value: (key: Key) => T,
): Record<Key, T> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, T>;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
