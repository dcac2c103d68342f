import type { OperationToken } from "../../../operations/operation-token.ts";
import type { AttemptRecord, ChunkRef, Claim, Decision } from "../chunk-record.ts";
import type { LateOperation, LateRefusal, SubmitGate, SubmitIntent } from "../chunk-writes.ts";
import { addChunkEvents } from "./chunk-events.ts";
import { readAttempt } from "./chunk-store.ts";
import { takeRoom } from "./flow-store.ts";
import { endedStates } from "./outcome-store.ts";
import { toMs, toText, type CandidateRow } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** See `Journal.beginAttempt`. */
export function beginAttempt(
  database: SqliteDatabase,
  claim: Claim,
  intent: SubmitIntent,
): SubmitGate {
  const { run, number, worker, fence } = claim;
  const row = database.get(
    `select kind, size, chunk.state, attempt, scope, run.state as runState
     from chunk join run on run.key = chunk.run
     where run = :run and number = :number and fence = :fence and worker = :worker`,
    { run, number, worker, fence },
  ) as CandidateRow | undefined;
  if (row === undefined) return { gate: "lost" };
  const { kind, size, state, scope, runState } = row;
  if (state !== "planned" && state !== "unknown") {
    throw new Error(`chunk ${number} is ${state}: it cannot be submitted`);
  }
  if (runState !== "running") return { gate: "stopped", runState };
  const operation =
    state === "unknown" ? recordedOperation(database, { ...claim, ...row }) : undefined;
  if (operation !== undefined && operation.name !== intent.goneOperation) {
    return { gate: "accepted", operation };
  }
  const { limits, nowMs } = intent;
  const wait = takeRoom(database, { run, number, kind, size, scope, limits, nowMs });
  if (wait !== undefined) return wait;
  const attempt = row.attempt + 1;
  return { gate: "begun", attempt: writeIntent(database, { ...claim, attempt, size }, intent) };
}

/** It may have been recorded since the claimant looked, by a worker that had lost the chunk. */
function recordedOperation(
  database: SqliteDatabase,
  place: ChunkRef & { readonly attempt: number },
): OperationToken | undefined {
  return readAttempt(database, place)?.operation;
}

function writeIntent(
  database: SqliteDatabase,
  target: Claim & { readonly attempt: number; readonly size: number },
  { prefix, fingerprint, nowMs, event }: SubmitIntent,
): AttemptRecord {
  const { run, number, worker, fence, attempt, size } = target;
  const intentMs = Math.ceil(nowMs);
  database.run(
    `update chunk set state = 'submitting', attempt = :attempt, intent_ms = :intentMs,
       due_ms = :intentMs, decision = null
     where run = :run and number = :number`,
    { run, number, attempt, intentMs },
  );
  const record = { run, number, attempt, prefix, fingerprint, intentMs, size, worker, fence };
  database.run(
    `insert into attempt (run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence)
     values (:run, :number, :attempt, :prefix, :fingerprint, :intentMs, :size, :worker, :fence)`,
    record,
  );
  addChunkEvents(database, { ...target, atMs: nowMs }, [event]);
  return record;
}

/** See `Journal.recordOperation`. */
export function recordOperation(database: SqliteDatabase, late: LateOperation): boolean {
  const { run, number, attempt, operation, worker, nowMs } = late;
  const changed = database.run(
    `update attempt set operation = :operation
     where run = :run and number = :number and attempt = :attempt and operation is null`,
    { run, number, attempt, operation: toText(operation) },
  );
  if (changed !== 1) return false;
  const type = "operationFound";
  const data = { operation: operation.name };
  addChunkEvents(database, { run, number, worker, attempt, atMs: nowMs }, [{ type, data }]);
  database.run(
    `update chunk set due_ms = :now
     where run = :run and number = :number and attempt = :attempt and state = 'unknown'`,
    { run, number, attempt, now: toMs(nowMs) },
  );
  return true;
}

/** See `Journal.recordRefusal`. */
export function recordRefusal(database: SqliteDatabase, late: LateRefusal): boolean {
  const { run, number, attempt, error, worker, nowMs } = late;
  const place = { run, number, attempt, now: toMs(nowMs) };
  const changed = database.run(
    `update attempt set outcome = 'rejected', settled_ms = :now, error = :error
     where run = :run and number = :number and attempt = :attempt and operation is null
       and coalesce(outcome, 'unknown') = 'unknown' and exists (
         select 1 from chunk
         where run = :run and number = :number and state not in (${endedStates}))`,
    { ...place, error: toText(error) },
  );
  if (changed !== 1) return false;
  const event = { type: "refusalFound", data: error };
  addChunkEvents(database, { run, number, worker, attempt, atMs: nowMs }, [event]);
  database.run(
    `update chunk set fence = fence + 1, worker = null, lease_until_ms = null, due_ms = :now
     where run = :run and number = :number and attempt = :attempt
       and state in ('submitting', 'unknown')`,
    place,
  );
  return true;
}

/** See `Journal.decide`. */
export function decide(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
  choice: { readonly decision: Decision; readonly by?: string; readonly nowMs: number },
): boolean {
  const { decision, by, nowMs } = choice;
  const row = database.get(
    `update chunk set decision = :decision, fence = fence + 1, worker = null,
       lease_until_ms = null, due_ms = :now
     where run = :run and number = :number and state = 'unknown' returning fence, attempt`,
    { run, number, decision, now: toMs(nowMs) },
  ) as { fence: number; attempt: number } | undefined;
  if (row === undefined) return false;
  const data = by === undefined ? { decision } : { decision, by };
  const { fence, attempt } = row;
  addChunkEvents(database, { run, number, fence, attempt, atMs: nowMs }, [
    { type: "decided", data },
  ]);
  return true;
}
