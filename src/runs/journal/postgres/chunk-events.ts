import type { ChunkRef } from "../chunk-record.ts";
import type { JournalEventType, NewEvent } from "../event-record.ts";
import { toMs, toText } from "../rows.ts";
import type { JsonData, RunKey } from "../run-record.ts";
import type { Queries } from "./queries.ts";

/** Who did something to which attempt of which chunk, and when. */
export interface EventPlace extends ChunkRef {
  readonly atMs: number;
  readonly worker?: string;
  readonly fence?: number;
  readonly attempt: number;
}

/** Adds an event of a chunk. */
export async function addChunkEvent(
  queries: Queries,
  { run, number, atMs, worker, fence, attempt }: EventPlace,
  { type, data }: NewEvent,
): Promise<void> {
  await queries.run(
    `insert into journal.event (run, chunk, at_ms, worker, fence, attempt, type, data)
     values (:run, :number, :at, :worker, :fence, :attempt, :type, :data)`,
    { run, number, at: toMs(atMs), worker, fence, attempt, type, data: toText(data) },
  );
}

/** Adds an event of a run as a whole. */
export async function addRunEvent(
  queries: Queries,
  event: {
    readonly run: RunKey;
    readonly type: JournalEventType;
    readonly atMs: number;
    readonly data?: JsonData;
  },
): Promise<void> {
  await queries.run(
    "insert into journal.event (run, at_ms, type, data) values (:run, :at, :type, :data)",
    { run: event.run, at: toMs(event.atMs), type: event.type, data: toText(event.data) },
  );
}
