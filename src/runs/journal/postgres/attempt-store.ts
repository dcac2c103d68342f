import { endedChunkStates, type ChunkRef, type Decision } from "../chunk-record.ts";
import type { LateOperation, LateRefusal } from "../chunk-writes.ts";
import { toMs, toText } from "../rows.ts";
import { addChunkEvent } from "./chunk-events.ts";
import type { Queries } from "./queries.ts";

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
