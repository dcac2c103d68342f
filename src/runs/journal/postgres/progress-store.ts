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
import type { Queries } from "./queries.ts";

/** See `Journal.progress`: what has ended is added up already, what was never tried is what is left. */
export async function progress(queries: Queries, key: RunKey): Promise<RunProgress | undefined> {
  const row = await queries.get("select * from journal.run where key = :key", { key });
  if (row === undefined) return undefined;
  const { chunks, chunk_inputs: inputs } = row as RunRow;
  const trouble = await readTrouble(queries, key);
  const undelivered = await countUndelivered(queries, key);
  return {
    run: toRun(row as RunRow),
    ...addUpChunks(await readChunkSums(queries, key), { chunks, inputs }),
    attempts: addUpAttempts(await readAttemptSums(queries, key)),
    workers: await readWorkers(queries, key),
    ...(trouble === undefined ? {} : { trouble }),
    ...(undelivered === 0 ? {} : { undelivered }),
  };
}

async function readChunkSums(queries: Queries, key: RunKey): Promise<readonly ChunkSums[]> {
  const rows = await queries.all(
    `select ${endedNames}, 0 as undecided from journal.ended where run = :key
     union all
     select run, state, count(*), sum(size), count(*) filter (where attempt > 0), sum(polls), 0,
       sum(succeeded), sum(partial), sum(failed), sum(missing), sum(not_submitted), sum(retried),
       count(*) filter (where state = 'unknown' and due_ms is null)
     from journal.chunk where run = :key and ${isUnderWay} group by run, state`,
    { key },
  );
  return rows as readonly ChunkSums[];
}

/** Attempts are found chunk by chunk, however many the server expects. */
async function readAttemptSums(queries: Queries, key: RunKey): Promise<readonly AttemptSums[]> {
  const rows = await queries.all(
    `select outcome, attempts, inputs, files from journal.ended_attempt where run = :key
     union all
     select tried.outcome, sum(attempts)::bigint, sum(inputs)::bigint,
       coalesce(sum(inputs) filter (where kind = 'file'), 0)::bigint
     from journal.chunk cross join lateral (
       select coalesce(outcome, 'pending') as outcome, count(*) as attempts, sum(size) as inputs
       from journal.attempt where run = chunk.run and number = chunk.number group by 1
     ) as tried
     where run = :key and ${isUnderWay} group by 1`,
    { key },
  );
  return rows as readonly AttemptSums[];
}

/** What is claimed is few, and found by the index of its own. */
const claimed = `
  with claimed as materialized (
    select run, state, worker, lease_until_ms, error, memo from journal.chunk
    where worker is not null
  )`;

async function readWorkers(queries: Queries, key: RunKey): Promise<readonly ClaimTotals[]> {
  const rows = await queries.all(
    `${claimed}
     select worker, count(*) as chunks, max(lease_until_ms) as "leaseUntilMs"
     from claimed where run = :key group by worker order by worker collate "C"`,
    { key },
  );
  return rows as readonly ClaimTotals[];
}

/** Few, and found by the index of their own. */
async function countUndelivered(queries: Queries, key: RunKey): Promise<number> {
  const row = (await queries.get(
    `select count(*) as chunks from journal.chunk where run = :key and undelivered_ms is not null`,
    { key },
  )) as { readonly chunks: number };
  return row.chunks;
}

async function readTrouble(queries: Queries, key: RunKey): Promise<RunTrouble | undefined> {
  const row = (await queries.get(
    `${claimed}
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
