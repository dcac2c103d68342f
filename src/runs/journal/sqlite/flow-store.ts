import type { ChunkRef } from "../chunk-record.ts";
import type { SubmitGate } from "../chunk-writes.ts";
import { minRate, type FlowChange, type FlowLimits, type FlowRecord } from "../flow-record.ts";
import type { ChunkKind } from "../run-record.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

interface FlowRow {
  readonly rate: number;
  readonly not_before_ms: number;
  readonly next_ms: number;
}

/** A submit that asks for room. */
export interface FlowDemand extends ChunkRef {
  readonly kind: ChunkKind;
  readonly size: number;
  readonly scope: string;
  readonly limits: FlowLimits;
  readonly nowMs: number;
}

type Wait = Extract<SubmitGate, { readonly gate: "wait" }>;

/** When room in processing is looked for again: operations take minutes. */
const processingPauseMs = 1000;
/** Timers are late by some milliseconds: this much of a delay does not lower the rate. */
const timerSlackMs = 50;

/** Takes the room for one submit, or tells how long there is none. */
export function takeRoom(database: SqliteDatabase, demand: FlowDemand): Wait | undefined {
  if (!fitsProcessing(database, demand)) {
    return { gate: "wait", waitMs: processingPauseMs, limit: "processing" };
  }
  const { scope, limits, nowMs } = demand;
  const flow = readRow(database, scope);
  const startMs = Math.max(flow.next_ms, flow.not_before_ms);
  if (nowMs < startMs) {
    return { gate: "wait", waitMs: Math.ceil(startMs - nowMs), limit: "requests" };
  }
  const intervalMs = 60_000 / (limits.requestsPerMinute * flow.rate);
  writeRow(database, scope, {
    ...flow,
    next_ms: Math.max(startMs, nowMs - timerSlackMs) + intervalMs,
  });
  return undefined;
}

/**
 * Changes the pace of a scope. While submits are held back, a further cut prolongs that only: several
 * submits that were under way at once meet the same limit, and are one reason to slow down.
 */
export function changeFlow(
  database: SqliteDatabase,
  scope: string,
  { rateFactor, notBeforeMs = 0, nowMs }: FlowChange & { readonly nowMs: number },
): void {
  const flow = readRow(database, scope);
  const isHeld = rateFactor < 1 && flow.not_before_ms > nowMs;
  const rate = isHeld ? flow.rate : Math.min(1, Math.max(minRate, flow.rate * rateFactor));
  if (rate === flow.rate && notBeforeMs <= flow.not_before_ms) return;
  const not_before_ms = Math.max(flow.not_before_ms, notBeforeMs);
  writeRow(database, scope, { ...flow, rate, not_before_ms });
}

/** See `Journal.readFlow`. */
export function readFlow(database: SqliteDatabase, scope: string): FlowRecord {
  const { rate, not_before_ms: notBeforeMs } = readRow(database, scope);
  return { scope, rate, notBeforeMs };
}

function fitsProcessing(database: SqliteDatabase, demand: FlowDemand): boolean {
  const { run, number, kind, size, scope, limits, nowMs } = demand;
  const max = kind === "image" ? limits.maxImagesInProcessing : limits.maxFilesInProcessing;
  const row = database.get(
    `select coalesce(sum(size), 0) as inputs from chunk
     where run in (select key from run where scope = :scope and state not in ('done', 'cancelled'))
       and state in ('submitting', 'running', 'unknown')
       and (state <> 'unknown' or intent_ms > :since)
       and kind = :kind and not (run = :run and number = :number)`,
    { run, number, kind, scope, since: nowMs - limits.unknownHoldMs },
  ) as { inputs: number } | undefined;
  const processing = row?.inputs ?? 0;
  return processing === 0 || processing + size <= max;
}

function readRow(database: SqliteDatabase, scope: string): FlowRow {
  const row = database.get("select rate, not_before_ms, next_ms from flow where scope = :scope", {
    scope,
  }) as FlowRow | undefined;
  return row ?? { rate: 1, not_before_ms: 0, next_ms: 0 };
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
