import {
  addUpAttempts,
  addUpChunks,
  endedNames,
  isUnderWay,
  type AttemptSums,
  type ChunkSums,
} from "../progress-sums.ts";
import { toRun, type RunRow } from "../rows.ts";
import type { JsonData, RunKey } from "../run-record.ts";
import type { ClaimTotals, RunProgress, RunTrouble } from "../run-progress.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** See `Journal.progress`: what has ended is added up already, what was never tried is what is left. */
export function progress(database: SqliteDatabase, key: RunKey): RunProgress | undefined {
  const row = database.get("select * from run where key = :key", { key }) as RunRow | undefined;
  if (row === undefined) return undefined;
  const all = { chunks: row.chunks, inputs: row.chunk_inputs };
  const trouble = readTrouble(database, key);
  return {
    run: toRun(row),
    ...addUpChunks(readChunkSums(database, key), all),
    attempts: addUpAttempts(readAttemptSums(database, key)),
    workers: readWorkers(database, key),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function readChunkSums(database: SqliteDatabase, key: RunKey): readonly ChunkSums[] {
  return database.all(
    `select ${endedNames}, 0 as undecided from ended where run = :key
     union all
     select run, state, count(*), sum(size), sum(attempt > 0), sum(polls), 0,
       sum(succeeded), sum(partial), sum(failed), sum(missing), sum(not_submitted), sum(retried),
       sum(state = 'unknown' and due_ms is null)
     from chunk indexed by chunk_under_way where run = :key and ${isUnderWay} group by state`,
    { key },
  ) as readonly ChunkSums[];
}

function readAttemptSums(database: SqliteDatabase, key: RunKey): readonly AttemptSums[] {
  return database.all(
    `select outcome, attempts, inputs, files from ended_attempt where run = :key
     union all
     select coalesce(outcome, 'pending'), count(*), sum(attempt.size),
       sum(iif(kind = 'file', attempt.size, 0))
     from (
       select run, number, kind from chunk indexed by chunk_under_way
       where run = :key and ${isUnderWay}
     ) cross join attempt using (run, number)
     group by outcome`,
    { key },
  ) as readonly AttemptSums[];
}

/** By the index of claimed chunks, which are few. */
function readWorkers(database: SqliteDatabase, key: RunKey): readonly ClaimTotals[] {
  const rows = database.all(
    `select worker, count(*) as chunks, max(lease_until_ms) as leaseUntilMs from chunk
     where worker is not null and +run = :key group by worker order by worker`,
    { key },
  ) as readonly ClaimTotals[];
  return rows.map(({ worker, chunks, leaseUntilMs }) => ({ worker, chunks, leaseUntilMs }));
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
