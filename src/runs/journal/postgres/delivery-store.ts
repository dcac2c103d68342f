import type { ChunkRef } from "../chunk-record.ts";
import type { JsonData } from "../run-record.ts";
import { toMs } from "../rows.ts";
import { addChunkEvent } from "./chunk-events.ts";
import type { Queries } from "./queries.ts";

/** Why records could not be handed on. */
export interface Undelivered {
  readonly nowMs: number;
  /** When that is asked for anew at the latest. */
  readonly againMs: number;
  readonly worker: string;
  readonly reason: JsonData;
}

/** Which chunks are asked for whose records were not handed on. */
export interface UndeliveredRequest {
  readonly nowMs: number;
  readonly againMs: number;
  readonly limit: number;
}

/** The records of a chunk were handed on; false where they were before. */
export async function setDelivered(queries: Queries, { run, number }: ChunkRef): Promise<boolean> {
  const changed = await queries.run(
    `update journal.chunk set undelivered_ms = null
     where run = :run and number = :number and undelivered_ms is not null`,
    { run, number },
  );
  return changed === 1;
}

/** Tells that the records of a chunk could not be handed on, unless they were. */
export async function tellUndelivered(
  queries: Queries,
  { run, number }: ChunkRef,
  { nowMs, againMs, worker, reason }: Undelivered,
): Promise<boolean> {
  const row = (await queries.get(
    `update journal.chunk set undelivered_ms = :again
     where run = :run and number = :number and undelivered_ms is not null returning attempt`,
    { run, number, again: toMs(againMs) },
  )) as { readonly attempt: number } | undefined;
  if (row === undefined) return false;
  const place = { run, number, worker, attempt: row.attempt, atMs: nowMs };
  await addChunkEvent(queries, place, { type: "undelivered", data: reason });
  return true;
}

/** Whether there is something to take: most of the time there is not, and this writes nothing. */
export async function hasUndelivered(
  queries: Queries,
  { nowMs }: UndeliveredRequest,
): Promise<boolean> {
  const row = await queries.get(
    "select 1 from journal.chunk where undelivered_ms <= :now order by undelivered_ms limit 1",
    { now: Math.floor(nowMs) },
  );
  return row !== undefined;
}

/** Chunks whose records should have been handed on by now, what waits longest first; they wait again from now on. */
export async function takeUndelivered(
  queries: Queries,
  { nowMs, againMs, limit }: UndeliveredRequest,
): Promise<readonly ChunkRef[]> {
  const rows = await queries.all(
    `with waiting as materialized (
       select run, number from journal.chunk where undelivered_ms <= :now
       order by undelivered_ms limit :limit for no key update skip locked
     )
     update journal.chunk set undelivered_ms = :again
     from waiting where chunk.run = waiting.run and chunk.number = waiting.number
     returning chunk.run, chunk.number`,
    { now: Math.floor(nowMs), again: toMs(againMs), limit },
  );
  return rows as readonly ChunkRef[];
}

/** What was not handed on of a run is asked for again now, whether the run has ended or not. */
export async function deliverNow(queries: Queries, run: number, nowMs: number): Promise<void> {
  await queries.run(
    `with waiting as materialized (
       select number from journal.chunk
       where run = :run and undelivered_ms > :now order by number for no key update
     )
     update journal.chunk set undelivered_ms = :now
     from waiting where chunk.run = :run and chunk.number = waiting.number`,
    { run, now: Math.floor(nowMs) },
  );
}
