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
import type { Queries } from "./queries.ts";

/**
 * Takes the room for one submit, or tells how long there is none. The row of the scope is locked
 * first: what is in processing is counted by one submit at a time.
 */
export async function takeRoom(queries: Queries, demand: FlowDemand): Promise<Wait | undefined> {
  const flow = await lockRow(queries, demand.scope);
  const wait = findRoom(demand, await readProcessing(queries, demand));
  if (wait !== undefined) return wait;
  const turn = takeTurn(demand, flow);
  if ("gate" in turn) return turn;
  await writeRow(queries, demand.scope, turn);
  return undefined;
}

/** Changes the pace of a scope; most submits that are accepted do not, and lock nothing. */
export async function changeFlow(
  queries: Queries,
  scope: string,
  change: FlowChange & { readonly nowMs: number },
): Promise<void> {
  const seen = (await readRow(queries, scope)) ?? fullPace;
  if (changePace(seen, change) === undefined) return;
  const changed = changePace(await lockRow(queries, scope), change);
  if (changed !== undefined) await writeRow(queries, scope, changed);
}

/** See `Journal.readFlow`. */
export async function readFlow(queries: Queries, scope: string): Promise<FlowRecord> {
  const { rate, not_before_ms: notBeforeMs } = (await readRow(queries, scope)) ?? fullPace;
  return { scope, rate, notBeforeMs };
}

/** The inputs of the demand's kind that are in processing, those of its own chunk aside. */
async function readProcessing(queries: Queries, demand: FlowDemand): Promise<number> {
  const { run, number, kind, scope, limits, nowMs } = demand;
  const row = await queries.get(
    `select coalesce(sum(size), 0)::bigint as inputs from journal.chunk
     where run in (
         select key from journal.run where scope = :scope and state not in ('done', 'cancelled'))
       and state in ('submitting', 'running', 'unknown')
       and (state <> 'unknown' or intent_ms > :since)
       and kind = :kind and not (run = :run and number = :number)`,
    { run, number, kind, scope, since: Math.floor(nowMs - limits.unknownHoldMs) },
  );
  return (row as { readonly inputs: number }).inputs;
}

async function readRow(
  queries: Queries,
  scope: string,
  lock: "" | "for update" = "",
): Promise<FlowRow | undefined> {
  const row = await queries.get(
    `select rate, not_before_ms, next_ms from journal.flow where scope = :scope ${lock}`,
    { scope },
  );
  return row as FlowRow | undefined;
}

async function lockRow(queries: Queries, scope: string): Promise<FlowRow> {
  const row = await readRow(queries, scope, "for update");
  if (row !== undefined) return row;
  await queries.run(
    `insert into journal.flow (scope, rate, not_before_ms, next_ms)
     values (:scope, :rate, :not_before_ms, :next_ms) on conflict (scope) do nothing`,
    { scope, ...fullPace },
  );
  return (await readRow(queries, scope, "for update")) ?? fullPace;
}

async function writeRow(queries: Queries, scope: string, row: FlowRow): Promise<void> {
  const { rate, not_before_ms, next_ms } = row;
  await queries.run(
    `update journal.flow set rate = :rate, not_before_ms = :not_before_ms, next_ms = :next_ms
     where scope = :scope`,
    { scope, rate, not_before_ms, next_ms },
  );
}
