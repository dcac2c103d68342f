import {
  chunkStates,
  inputStatuses,
  type AttemptOutcome,
  type ChunkState,
  type InputStatus,
} from "../chunk-record.ts";
import type { RunKey } from "../run-record.ts";
import type { AttemptTotals, ChunkTotals, RunProgress } from "../run-progress.ts";
import { toCounts, type CountColumns } from "./rows.ts";
import { readRun } from "./run-store.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

interface ChunkSums extends CountColumns, ChunkTotals {
  readonly state: ChunkState;
  readonly polls: number;
  readonly undecided: number;
  readonly tried: number;
}

interface AttemptSums extends AttemptTotals {
  readonly outcome: AttemptOutcome | "pending";
}

/** See `Journal.progress`. */
export function progress(database: SqliteDatabase, key: RunKey): RunProgress | undefined {
  const run = readRun(database, key);
  if (run === undefined) return undefined;
  const chunkSums = database.all(
    `select state, count(*) as chunks, sum(size) as inputs, sum(polls) as polls,
       sum(attempt > 0) as tried, sum(state = 'unknown' and due_ms is null) as undecided,
       sum(succeeded) as succeeded,
       sum(partial) as partial, sum(failed) as failed, sum(missing) as missing,
       sum(not_submitted) as not_submitted, sum(retried) as retried
     from chunk where run = :key group by state`,
    { key },
  ) as readonly ChunkSums[];
  const attemptSums = database.all(
    `select coalesce(outcome, 'pending') as outcome, count(*) as attempts, sum(size) as inputs
     from attempt where run = :key group by 1`,
    { key },
  ) as readonly AttemptSums[];
  return { run, ...addUpChunks(chunkSums), attempts: addUpAttempts(attemptSums) };
}

function addUpChunks(
  sums: readonly ChunkSums[],
): Pick<RunProgress, "chunks" | "counts" | "polls" | "tried" | "undecided"> {
  const chunks = Object.fromEntries(
    chunkStates.map((state) => [state, { chunks: 0, inputs: 0 }]),
  ) as Record<ChunkState, ChunkTotals>;
  const counts = Object.fromEntries(inputStatuses.map((status) => [status, 0])) as Record<
    InputStatus,
    number
  >;
  let polls = 0;
  let tried = 0;
  let undecided = 0;
  for (const sum of sums) {
    chunks[sum.state] = { chunks: sum.chunks, inputs: sum.inputs };
    polls += sum.polls;
    tried += sum.tried;
    undecided += sum.undecided;
    const each = toCounts(sum);
    for (const status of inputStatuses) counts[status] += each[status];
  }
  return { chunks, counts, polls, tried, undecided };
}

function addUpAttempts(sums: readonly AttemptSums[]): RunProgress["attempts"] {
  const none: AttemptTotals = { attempts: 0, inputs: 0 };
  const totals = { accepted: none, rejected: none, unknown: none, pending: none };
  for (const { outcome, attempts, inputs } of sums) totals[outcome] = { attempts, inputs };
  return totals;
}
