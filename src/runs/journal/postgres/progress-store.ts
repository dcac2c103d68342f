import { addUpAttempts, addUpChunks, type AttemptSums, type ChunkSums } from "../progress-sums.ts";
import type { JsonData, RunKey } from "../run-record.ts";
import type { RunProgress, RunTrouble } from "../run-progress.ts";
import type { Queries } from "./queries.ts";
import { readRun } from "./run-store.ts";

/** See `Journal.progress`. */
export async function progress(queries: Queries, key: RunKey): Promise<RunProgress | undefined> {
  const run = await readRun(queries, key);
  if (run === undefined) return undefined;
  const chunkSums = await queries.all(
    `select state, count(*) as chunks, sum(size) as inputs, sum(polls) as polls,
       count(*) filter (where attempt > 0) as tried,
       count(*) filter (where state = 'unknown' and due_ms is null) as undecided,
       sum(succeeded) as succeeded,
       sum(partial) as partial, sum(failed) as failed, sum(missing) as missing,
       sum(not_submitted) as not_submitted, sum(retried) as retried
     from journal.chunk where run = :key group by state`,
    { key },
  );
  const attemptSums = await queries.all(
    `select coalesce(outcome, 'pending') as outcome, count(*) as attempts, sum(size) as inputs
     from journal.attempt where run = :key group by 1`,
    { key },
  );
  const trouble = await readTrouble(queries, key);
  return {
    run,
    ...addUpChunks(chunkSums as readonly ChunkSums[]),
    attempts: addUpAttempts(attemptSums as readonly AttemptSums[]),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** What is claimed is few, and found by the index of its own. */
async function readTrouble(queries: Queries, key: RunKey): Promise<RunTrouble | undefined> {
  const row = (await queries.get(
    `with claimed as materialized (
       select run, state, error, memo from journal.chunk where worker is not null
     )
     select error, (memo::json ->> 'unreachableMs')::double precision as "sinceMs"
     from claimed
     where run = :key and state = 'planned'
       and memo::json ->> 'unreachableMs' is not null and error is not null
     order by "sinceMs" limit 1`,
    { key },
  )) as { readonly error: string; readonly sinceMs: number } | undefined;
  if (row === undefined) return undefined;
  return { sinceMs: row.sinceMs, error: JSON.parse(row.error) as JsonData };
}
