import type { ChunkRef } from "../chunk-record.ts";
import type { NewEvent } from "../event-record.ts";
import { toMs, toText } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Who did something to which attempt of which chunk, and when. */
export interface EventPlace extends ChunkRef {
  readonly atMs: number;
  readonly worker?: string;
  readonly fence?: number;
  readonly attempt: number;
}

/** Adds events of a chunk. */
export function addChunkEvents(
  database: SqliteDatabase,
  place: EventPlace,
  events: readonly NewEvent[],
): void {
  const { run, number, atMs, worker, fence, attempt } = place;
  for (const { type, data } of events) {
    database.run(
      `insert into event (run, chunk, at_ms, worker, fence, attempt, type, data)
       values (:run, :number, :at, :worker, :fence, :attempt, :type, :data)`,
      { run, number, at: toMs(atMs), worker, fence, attempt, type, data: toText(data) },
    );
  }
}
