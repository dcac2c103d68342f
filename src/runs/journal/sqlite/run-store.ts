import { countCancelled } from "./ended-store.ts";
import { endedStates } from "./outcome-store.ts";
import { openChunkStates } from "../journal.ts";
import type { JournalEventType } from "../event-record.ts";
import type {
  JsonData,
  NewRun,
  RunChange,
  RunKey,
  RunRecord,
  RunSelection,
} from "../run-record.ts";
import { toMs, toRun, toText, type RunRow } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** The states that a chunk can leave, as a list of SQL: found by the index, however many chunks have ended. */
const openStates = openChunkStates.map((state) => `'${state}'`).join(", ");

/** See `Journal.createRun`. */
export function createRun(
  database: SqliteDatabase,
  run: NewRun,
): { readonly created: boolean; readonly run: RunRecord } {
  const row = database.get(
    `insert into run (id, scope, state, options, settings, created_ms, changed_ms)
     values (:id, :scope, 'planning', :options, :settings, :now, :now)
     on conflict (id) do nothing returning *`,
    {
      ...{ id: run.id, scope: run.scope, now: toMs(run.nowMs) },
      ...{ options: toText(run.options), settings: toText(run.settings) },
    },
  ) as RunRow | undefined;
  if (row !== undefined) {
    addRunEvent(database, { run: row.key, type: "created", atMs: run.nowMs });
    return { created: true, run: toRun(row) };
  }
  const taken = database.get("select * from run where id = :id", { id: run.id }) as
    RunRow | undefined;
  if (taken === undefined) throw new Error(`the run ${run.id} is neither there nor to be made`);
  return { created: false, run: toRun(taken) };
}

/** See `Journal.findRun`. */
export function findRun(database: SqliteDatabase, id: string): RunRecord | undefined {
  return optionalRun(
    database.get("select * from run where id = :id", { id }) as RunRow | undefined,
  );
}

/** See `Journal.readRun`. */
export function readRun(database: SqliteDatabase, key: RunKey): RunRecord | undefined {
  return optionalRun(
    database.get("select * from run where key = :key", { key }) as RunRow | undefined,
  );
}

/** See `Journal.listRuns`. */
export function listRuns(
  database: SqliteDatabase,
  { states, after = 0, limit }: RunSelection,
): readonly RunRecord[] {
  const rows = database.all(
    `select * from run
     where key > :after and (:states is null or state in (select value from json_each(:states)))
     order by key limit :limit`,
    { after, limit, states: toText(states) },
  ) as readonly RunRow[];
  return rows.map(toRun);
}

/** See `Journal.changeRun`. */
export function changeRun(
  database: SqliteDatabase,
  key: RunKey,
  change: RunChange,
): RunRecord | undefined {
  const row = database.get(
    `update run set state = :to, changed_ms = :now, error = :error,
       settings = coalesce(:settings, settings)
     where key = :key and state in (select value from json_each(:from)) returning *`,
    {
      ...{ key, to: change.to, from: toText(change.from), now: toMs(change.nowMs) },
      ...{ error: toText(change.error), settings: toText(change.settings) },
    },
  ) as RunRow | undefined;
  if (row !== undefined && change.retryNow === true) retryNow(database, key, change.nowMs);
  return told(database, row, change.nowMs);
}

/** Only what is not due yet is looked at, which the index finds. */
function retryNow(database: SqliteDatabase, key: RunKey, nowMs: number): void {
  database.run(
    `update chunk set due_ms = max(:now, coalesce(memo ->> 'notBeforeMs', 0))
     where run = :key and state in ('planned', 'running', 'collecting') and due_ms > :now
       and coalesce(memo ->> 'rejections', memo ->> 'pollFailures') > 0`,
    { key, now: toMs(nowMs) },
  );
}

/** See `Journal.cancelRun`. */
export function cancelRun(
  database: SqliteDatabase,
  key: RunKey,
  nowMs: number,
): RunRecord | undefined {
  const before = readRun(database, key);
  if (before?.state === "cancelling") return before;
  const row = database.get(
    `update run set state = iif(state = 'planning', 'cancelled', 'cancelling'), changed_ms = :now
     where key = :key and state not in ('cancelled', 'done') returning *`,
    { key, now: toMs(nowMs) },
  ) as RunRow | undefined;
  if (row === undefined) return undefined;
  database.run(
    `insert into event (run, chunk, at_ms, fence, attempt, type)
     select run, number, :now, fence + 1, attempt, 'cancelled' from chunk
     where run = :key and state = 'planned' and attempt = 0 order by number`,
    { key, now: toMs(nowMs) },
  );
  countCancelled(database, key);
  database.run(
    `update chunk set state = 'cancelled', fence = fence + 1, not_submitted = size,
       due_ms = null, worker = null, lease_until_ms = null
     where run = :key and state = 'planned' and attempt = 0`,
    { key },
  );
  database.run(
    `update chunk set due_ms = :now
     where run = :key and state not in (${endedStates}) and (due_ms is null or due_ms > :now)`,
    { key, now: toMs(nowMs) },
  );
  return told(database, row, nowMs);
}

/** See `Journal.settleRun`. */
export function settleRun(
  database: SqliteDatabase,
  key: RunKey,
  nowMs: number,
): RunRecord | undefined {
  const row = database.get(
    `update run set state = iif(state = 'cancelling', 'cancelled', 'done'), changed_ms = :now
     where key = :key and state in ('running', 'paused', 'cancelling')
       and not exists (select 1 from chunk where run = :key and state in (${openStates}))
     returning *`,
    { key, now: toMs(nowMs) },
  ) as RunRow | undefined;
  return told(database, row, nowMs) ?? readRun(database, key);
}

/** See `Journal.removeRun`. */
export function removeRun(database: SqliteDatabase, key: RunKey): boolean {
  return database.run("delete from run where key = :key", { key }) > 0;
}

/** Adds an event of a run as a whole. */
export function addRunEvent(
  database: SqliteDatabase,
  event: {
    readonly run: RunKey;
    readonly type: JournalEventType;
    readonly atMs: number;
    readonly data?: JsonData;
  },
): void {
  database.run("insert into event (run, at_ms, type, data) values (:run, :at, :type, :data)", {
    run: event.run,
    at: toMs(event.atMs),
    type: event.type,
    data: toText(event.data),
  });
}

/** The run whose state was changed, once that is among its events. */
function told(
  database: SqliteDatabase,
  row: RunRow | undefined,
  atMs: number,
): RunRecord | undefined {
  if (row === undefined) return undefined;
  const run = toRun(row);
  const { key, state, error } = run;
  const data = error === undefined ? { state } : { state, error };
  addRunEvent(database, { run: key, type: "state", atMs, data });
  return run;
}

function optionalRun(row: RunRow | undefined): RunRecord | undefined {
  return row === undefined ? undefined : toRun(row);
}
