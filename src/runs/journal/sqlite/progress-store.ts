import { addUpAttempts, addUpChunks, type AttemptSums, type ChunkSums } from "../progress-sums.ts";
import type { JsonData, RunKey } from "../run-record.ts";
import type { RunProgress, RunTrouble } from "../run-progress.ts";
import { readRun } from "./run-store.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

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
  const trouble = readTrouble(database, key);
  return {
    ...{ run, ...addUpChunks(chunkSums), attempts: addUpAttempts(attemptSums) },
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** By the index of claimed chunks, which are few. */
function readTrouble(database: SqliteDatabase, key: RunKey): RunTrouble | undefined {
  const row = database.get(
    `select error, memo ->> 'unreachableMs' as sinceMs from chunk
     where worker is not null and +run = :key and +state = 'planned'
       and memo ->> 'unreachableMs' is not null and error is not null
     order by sinceMs limit 1`,
    { key },
  ) as { readonly error: string; readonly sinceMs: number } | undefined;
  if (row === undefined) return undefined;
  return { sinceMs: row.sinceMs, error: JSON.parse(row.error) as JsonData };
}
