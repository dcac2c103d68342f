import type { FlowChange, FlowRecord } from "../flow-record.ts";
import {
  changePace,
  findRoom,
  fullPace,
  takeTurn,
  type FlowDemand,
  type FlowRow,
  type Wait,
} from "../flow-pace.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Takes the room for one submit, or tells how long there is none. */
export function takeRoom(database: SqliteDatabase, demand: FlowDemand): Wait | undefined {
  const wait = findRoom(demand, readProcessing(database, demand));
  if (wait !== undefined) return wait;
  const turn = takeTurn(demand, readRow(database, demand.scope));
  if ("gate" in turn) return turn;
  writeRow(database, demand.scope, turn);
  return undefined;
}

/** Changes the pace of a scope. */
export function changeFlow(
  database: SqliteDatabase,
  scope: string,
  change: FlowChange & { readonly nowMs: number },
): void {
  const changed = changePace(readRow(database, scope), change);
  if (changed !== undefined) writeRow(database, scope, changed);
}

/** See `Journal.readFlow`. */
export function readFlow(database: SqliteDatabase, scope: string): FlowRecord {
  const { rate, not_before_ms: notBeforeMs } = readRow(database, scope);
  return { scope, rate, notBeforeMs };
}

/**
 * The inputs of the demand's kind that are in processing, those of its own chunk aside. Asked for at every
 * submit, and so by the index: left to itself, SQLite reads all chunks of the runs.
 */
function readProcessing(database: SqliteDatabase, demand: FlowDemand): number {
  const { run, number, kind, scope, limits, nowMs } = demand;
  const row = database.get(
    `select coalesce(sum(size), 0) as inputs from chunk indexed by chunk_due
     where run in (select key from run where scope = :scope and state not in ('done', 'cancelled'))
       and state in ('submitting', 'running', 'unknown')
       and (state <> 'unknown' or intent_ms > :since)
       and kind = :kind and not (run = :run and number = :number)`,
    { run, number, kind, scope, since: nowMs - limits.unknownHoldMs },
  ) as { inputs: number } | undefined;
  return row?.inputs ?? 0;
}

function readRow(database: SqliteDatabase, scope: string): FlowRow {
  const row = database.get("select rate, not_before_ms, next_ms from flow where scope = :scope", {
    scope,
  }) as FlowRow | undefined;
  return row ?? fullPace;
}

function writeRow(database: SqliteDatabase, scope: string, row: FlowRow): void {
  database.run(
    `insert into flow (scope, rate, not_before_ms, next_ms)
     values (:scope, :rate, :not_before_ms, :next_ms)
     on conflict (scope) do update set rate = excluded.rate,
       not_before_ms = excluded.not_before_ms, next_ms = excluded.next_ms`,
    { scope, rate: row.rate, not_before_ms: row.not_before_ms, next_ms: row.next_ms },
  );
}
