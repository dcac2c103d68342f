import {
  endedChunkStates,
  type AttemptRecord,
  type ChunkRef,
  type ChunkState,
  type Claim,
  type Decision,
} from "../chunk-record.ts";
import type { LateOperation, LateRefusal, SubmitGate, SubmitIntent } from "../chunk-writes.ts";
import type { OperationToken } from "../../../operations/operation-token.ts";
import { toMs, toText } from "../rows.ts";
import type { ChunkKind, RunState } from "../run-record.ts";
import { addChunkEvent } from "./chunk-events.ts";
import { takeRoom } from "./flow-store.ts";
import type { Queries } from "./queries.ts";

interface CandidateRow {
  readonly kind: ChunkKind;
  readonly size: number;
  readonly state: ChunkState;
  readonly attempt: number;
  readonly scope: string;
  readonly runState: RunState;
}

/**
 * See `Journal.beginAttempt`. Locked in this order, as everywhere: the run, so that no pause or cancel
 * comes between; the chunk; the pace of its scope.
 */
export async function beginAttempt(
  queries: Queries,
  claim: Claim,
  intent: SubmitIntent,
): Promise<SubmitGate> {
  const row = await lockCandidate(queries, claim);
  if (row === undefined) return { gate: "lost" };
  const { run, number } = claim;
  const { kind, size, state, scope, runState } = row;
  if (state !== "planned" && state !== "unknown") {
    throw new Error(`chunk ${number} is ${state}: it cannot be submitted`);
  }
  if (runState !== "running") return { gate: "stopped", runState };
  const operation =
    state === "unknown" ? await recordedOperation(queries, { ...claim, ...row }) : undefined;
  if (operation !== undefined && operation.name !== intent.goneOperation) {
    return { gate: "accepted", operation };
  }
  const { limits, nowMs } = intent;
  const wait = await takeRoom(queries, { run, number, kind, size, scope, limits, nowMs });
  if (wait !== undefined) return wait;
  const target = { ...claim, attempt: row.attempt + 1, size };
  return { gate: "begun", attempt: await writeIntent(queries, target, intent) };
}

async function lockCandidate(
  queries: Queries,
  { run, number, worker, fence }: Claim,
): Promise<CandidateRow | undefined> {
  const row = await queries.get(
    `with locked as materialized (
       select key, scope, state from journal.run where key = :run for share
     )
     select kind, size, chunk.state, attempt, scope, locked.state as "runState"
     from locked join journal.chunk on chunk.run = locked.key
     where number = :number and fence = :fence and worker = :worker
     for no key update of chunk`,
    { run, number, worker, fence },
  );
  return row as CandidateRow | undefined;
}

/** It may have been recorded since the claimant looked, by a worker that had lost the chunk. */
async function recordedOperation(
  queries: Queries,
  { run, number, attempt }: ChunkRef & { readonly attempt: number },
): Promise<OperationToken | undefined> {
  const row = (await queries.get(
    `select operation from journal.attempt
     where run = :run and number = :number and attempt = :attempt and operation is not null`,
    { run, number, attempt },
  )) as { readonly operation: string } | undefined;
  return row === undefined ? undefined : (JSON.parse(row.operation) as OperationToken);
}

async function writeIntent(
  queries: Queries,
  target: Claim & { readonly attempt: number; readonly size: number },
  { prefix, fingerprint, nowMs, event }: SubmitIntent,
): Promise<AttemptRecord> {
  const { run, number, worker, fence, attempt, size } = target;
  const intentMs = Math.ceil(nowMs);
  const record = { run, number, attempt, prefix, fingerprint, intentMs, size, worker, fence };
  await queries.run(
    `with begun as (
       update journal.chunk set state = 'submitting', attempt = :attempt, intent_ms = :intentMs,
         due_ms = :intentMs, decision = null
       where run = :run and number = :number
     ), tried as (
       insert into journal.attempt
         (run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence)
       values (:run, :number, :attempt, :prefix, :fingerprint, :intentMs, :size, :worker, :fence)
     )
     insert into journal.event (run, chunk, at_ms, worker, fence, attempt, type, data)
     values (:run, :number, :intentMs, :worker, :fence, :attempt, :type, :data)`,
    { ...record, type: event.type, data: toText(event.data) },
  );
  return record;
}

/** See `Journal.recordOperation`. The chunk is locked first, as whoever begins another attempt does. */
export async function recordOperation(queries: Queries, late: LateOperation): Promise<boolean> {
  const { run, number, attempt, operation, worker, nowMs } = late;
  await lockChunk(queries, late);
  const changed = await queries.run(
    `update journal.attempt set operation = :operation
     where run = :run and number = :number and attempt = :attempt and operation is null`,
    { run, number, attempt, operation: toText(operation) },
  );
  if (changed !== 1) return false;
  const type = "operationFound";
  const data = { operation: operation.name };
  await addChunkEvent(queries, { run, number, worker, attempt, atMs: nowMs }, { type, data });
  await queries.run(
    `update journal.chunk set due_ms = :now
     where run = :run and number = :number and attempt = :attempt and state = 'unknown'`,
    { run, number, attempt, now: toMs(nowMs) },
  );
  return true;
}

/** See `Journal.recordRefusal`. The chunk is locked first, as whoever begins another attempt does. */
export async function recordRefusal(queries: Queries, late: LateRefusal): Promise<boolean> {
  const { run, number, attempt, error, worker, nowMs } = late;
  const place = { run, number, attempt, now: toMs(nowMs) };
  await lockChunk(queries, late);
  const changed = await queries.run(
    `update journal.attempt set outcome = 'rejected', settled_ms = :now, error = :error
     where run = :run and number = :number and attempt = :attempt and operation is null
       and coalesce(outcome, 'unknown') = 'unknown' and exists (
         select 1 from journal.chunk
         where run = :run and number = :number and state <> all (:ended))`,
    { ...place, error: toText(error), ended: endedChunkStates },
  );
  if (changed !== 1) return false;
  const event = { type: "refusalFound", data: error };
  await addChunkEvent(queries, { run, number, worker, attempt, atMs: nowMs }, event);
  await queries.run(
    `update journal.chunk set fence = fence + 1, worker = null, lease_until_ms = null, due_ms = :now
     where run = :run and number = :number and attempt = :attempt
       and state in ('submitting', 'unknown')`,
    place,
  );
  return true;
}

async function lockChunk(queries: Queries, { run, number }: ChunkRef): Promise<void> {
  await queries.run(
    "select 1 from journal.chunk where run = :run and number = :number for no key update",
    { run, number },
  );
}

/** See `Journal.decide`. */
export async function decide(
  queries: Queries,
  { run, number }: ChunkRef,
  choice: { readonly decision: Decision; readonly by?: string; readonly nowMs: number },
): Promise<boolean> {
  const { decision, by, nowMs } = choice;
  const row = (await queries.get(
    `update journal.chunk set decision = :decision, fence = fence + 1, worker = null,
       lease_until_ms = null, due_ms = :now
     where run = :run and number = :number and state = 'unknown' returning fence, attempt`,
    { run, number, decision, now: toMs(nowMs) },
  )) as { readonly fence: number; readonly attempt: number } | undefined;
  if (row === undefined) return false;
  const data = by === undefined ? { decision } : { decision, by };
  const { fence, attempt } = row;
  const place = { run, number, fence, attempt, atMs: nowMs };
  await addChunkEvent(queries, place, { type: "decided", data });
  return true;
}
