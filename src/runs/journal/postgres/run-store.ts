import { openChunkStates } from "../journal.ts";
import { addEnded, endedNames } from "../progress-sums.ts";
import { toMs, toRun, toText, type RunRow } from "../rows.ts";
import type { NewRun, RunChange, RunKey, RunRecord, RunSelection } from "../run-record.ts";
import { addRunEvent } from "./chunk-events.ts";
import { deliverNow } from "./delivery-store.ts";
import type { Queries } from "./queries.ts";

/** The states that a chunk can leave, as a list of SQL. */
const openStates = openChunkStates.map((state) => `'${state}'`).join(", ");

/** See `Journal.createRun`. */
export async function createRun(
  queries: Queries,
  run: NewRun,
): Promise<{ readonly created: boolean; readonly run: RunRecord }> {
  const row = (await queries.get(
    `insert into journal.run (id, scope, state, options, settings, created_ms, changed_ms)
     values (:id, :scope, 'planning', :options, :settings, :now, :now)
     on conflict (id) do nothing returning *`,
    {
      ...{ id: run.id, scope: run.scope, now: toMs(run.nowMs) },
      ...{ options: toText(run.options), settings: toText(run.settings) },
    },
  )) as RunRow | undefined;
  if (row !== undefined) {
    await addRunEvent(queries, { run: row.key, type: "created", atMs: run.nowMs });
    return { created: true, run: toRun(row) };
  }
  const taken = await findRun(queries, run.id);
  if (taken === undefined) throw new Error(`the run ${run.id} was removed while it was looked for`);
  return { created: false, run: taken };
}

/** See `Journal.findRun`. */
export async function findRun(queries: Queries, id: string): Promise<RunRecord | undefined> {
  return optionalRun(await queries.get("select * from journal.run where id = :id", { id }));
}

/** See `Journal.readRun`. */
export async function readRun(queries: Queries, key: RunKey): Promise<RunRecord | undefined> {
  return optionalRun(await queries.get("select * from journal.run where key = :key", { key }));
}

/** See `Journal.listRuns`. */
export async function listRuns(
  queries: Queries,
  { states, after = 0, limit }: RunSelection,
): Promise<readonly RunRecord[]> {
  const rows = await queries.all(
    `select * from journal.run
     where key > :after and (:states::text[] is null or state = any (:states))
     order by key limit :limit`,
    { after, limit, states },
  );
  return (rows as readonly RunRow[]).map(toRun);
}

/** See `Journal.changeRun`. */
export async function changeRun(
  queries: Queries,
  key: RunKey,
  change: RunChange,
): Promise<RunRecord | undefined> {
  const row = await queries.get(
    `update journal.run set state = :to, changed_ms = :now, error = :error,
       settings = coalesce(:settings, settings)
     where key = :key and state = any (:from) returning *`,
    {
      ...{ key, to: change.to, from: change.from, now: toMs(change.nowMs) },
      ...{ error: toText(change.error), settings: toText(change.settings) },
    },
  );
  if (row !== undefined && change.retryNow === true) await retryNow(queries, key, change.nowMs);
  if (change.retryNow === true) await deliverNow(queries, key, change.nowMs);
  return told(queries, row, change.nowMs);
}

/** Chunks are always locked in their order, so that nobody waits for whoever waits for him. */
async function retryNow(queries: Queries, key: RunKey, nowMs: number): Promise<void> {
  await queries.run(
    `with waiting as materialized (
       select number from journal.chunk
       where run = :key and state in ('planned', 'running', 'collecting') and due_ms > :now
         and coalesce(memo::json ->> 'rejections', memo::json ->> 'pollFailures')::bigint > 0
       order by number for no key update
     )
     update journal.chunk set due_ms =
         greatest(:now, ceil((coalesce(memo::json ->> 'notBeforeMs', '0'))::numeric)::bigint)
     from waiting where chunk.run = :key and chunk.number = waiting.number`,
    { key, now: toMs(nowMs) },
  );
}

/** See `Journal.cancelRun`. */
export async function cancelRun(
  queries: Queries,
  key: RunKey,
  nowMs: number,
): Promise<RunRecord | undefined> {
  const now = toMs(nowMs);
  const before = optionalRun(
    await queries.get("select * from journal.run where key = :key for update", { key }),
  );
  if (before?.state === "cancelling") return before;
  const row = await queries.get(
    `update journal.run set changed_ms = :now,
       state = case when state = 'planning' then 'cancelled' else 'cancelling' end
     where key = :key and state not in ('cancelled', 'done') returning *`,
    { key, now },
  );
  if (row === undefined) return undefined;
  await queries.run(
    "select 1 from journal.chunk where run = :key order by number for no key update",
    { key },
  );
  await queries.run(
    `with cancelled as (
       update journal.chunk set state = 'cancelled', fence = fence + 1, not_submitted = size,
         due_ms = null, worker = null, lease_until_ms = null
       where run = :key and state = 'planned' and attempt = 0
       returning run, number, fence, attempt, size, polls
     ), counted as (
       insert into journal.ended (${endedNames})
       select run, 'cancelled', count(*), sum(size), 0, sum(polls), 0, 0, 0, 0, 0, sum(size), 0
       from cancelled group by run
       on conflict (run, state) do update set ${addEnded}
     )
     insert into journal.event (run, chunk, at_ms, fence, attempt, type)
     select run, number, :now, fence, attempt, 'cancelled' from cancelled order by number`,
    { key, now },
  );
  await queries.run(
    `update journal.chunk set due_ms = :now
     where run = :key and state in (${openStates}) and (due_ms is null or due_ms > :now)`,
    { key, now },
  );
  return told(queries, row, nowMs);
}

/** Whether no chunk of a run is open any more. */
export async function hasEnded(queries: Queries, key: RunKey): Promise<boolean> {
  const open = await queries.get(
    `select 1 from journal.chunk where run = :key and state in (${openStates}) limit 1`,
    { key },
  );
  return open === undefined;
}

/** See `Journal.settleRun`. The run is locked before its chunks are looked at, for who adds chunks locks it as well. */
export async function settleRun(
  queries: Queries,
  key: RunKey,
  nowMs: number,
): Promise<RunRecord | undefined> {
  const run = optionalRun(
    await queries.get("select * from journal.run where key = :key for update", { key }),
  );
  const isOpen = run !== undefined && ["running", "paused", "cancelling"].includes(run.state);
  if (!isOpen || !(await hasEnded(queries, key))) return run;
  const row = await queries.get(
    `update journal.run set changed_ms = :now,
       state = case when state = 'cancelling' then 'cancelled' else 'done' end
     where key = :key returning *`,
    { key, now: toMs(nowMs) },
  );
  return told(queries, row, nowMs);
}

/** See `Journal.removeRun`. */
export async function removeRun(queries: Queries, key: RunKey): Promise<boolean> {
  const removed = await queries.run("delete from journal.run where key = :key", { key });
  for (const table of ["event", "ended", "ended_attempt"]) {
    await queries.run(`delete from journal.${table} where run = :key`, { key });
  }
  return removed > 0;
}

/** The run whose state was changed, once that is among its events. */
async function told(queries: Queries, row: unknown, atMs: number): Promise<RunRecord | undefined> {
  const run = optionalRun(row);
  if (run === undefined) return undefined;
  const { key, state, error } = run;
  const data = error === undefined ? { state } : { state, error };
  await addRunEvent(queries, { run: key, type: "state", atMs, data });
  return run;
}

function optionalRun(row: unknown): RunRecord | undefined {
  return row === undefined ? undefined : toRun(row as RunRow);
}
