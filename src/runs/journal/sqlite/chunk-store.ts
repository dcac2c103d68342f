import {
  endedChunkStates,
  type AttemptRecord,
  type ChunkRef,
  type ChunkSelection,
  type ChunkWithAttempt,
} from "../chunk-record.ts";
import type { EventRecord, EventSelection } from "../event-record.ts";
import type { RunKey } from "../run-record.ts";
import {
  toAttempt,
  toChunk,
  toEvent,
  toText,
  type AttemptRow,
  type ChunkRow,
  type EventRow,
} from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** See `Journal.readChunk`. */
export function readChunk(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
): ChunkWithAttempt | undefined {
  const row = database.get("select * from chunk where run = :run and number = :number", {
    run,
    number,
  }) as ChunkRow | undefined;
  return row === undefined ? undefined : withAttempt(database, row);
}

/** See `Journal.listChunks`. */
export function listChunks(
  database: SqliteDatabase,
  selection: ChunkSelection,
): readonly ChunkWithAttempt[] {
  const { run, states, input, after = -1, limit } = selection;
  if (states?.every((state) => endedChunkStates.includes(state)) === true && input === undefined) {
    return listEnded(database, { run, states, after, limit });
  }
  const rows = database.all(
    `select * from chunk
     where run = :run and number > :after
       and (:states is null or state in (select value from json_each(:states)))
       and (:input is null or :input between first and last)
     order by number limit :limit`,
    { run, after, limit, input, states: toText(states) },
  ) as readonly ChunkRow[];
  return rows.map((row) => withAttempt(database, row));
}

/** By the index of what is due, which never is what has ended: all others are passed over. */
function listEnded(
  database: SqliteDatabase,
  { run, states, after, limit }: Required<Omit<ChunkSelection, "input">>,
): readonly ChunkWithAttempt[] {
  const rows = states.flatMap(
    (state) =>
      database.all(
        `select * from chunk indexed by chunk_due
         where run = :run and state = :state and due_ms is null and number > :after
         order by number limit :limit`,
        { run, state, after, limit },
      ) as readonly ChunkRow[],
  );
  return rows
    .sort((a, b) => a.number - b.number)
    .slice(0, limit)
    .map((row) => withAttempt(database, row));
}

function withAttempt(database: SqliteDatabase, chunk: ChunkRow): ChunkWithAttempt {
  const { run, number, attempt } = chunk;
  if (attempt === 0) return { chunk: toChunk(chunk) };
  const row = readAttempt(database, { run, number, attempt });
  return { chunk: toChunk(chunk), ...(row === undefined ? {} : { attempt: row }) };
}

/** An attempt by its number. */
export function readAttempt(
  database: SqliteDatabase,
  { run, number, attempt }: ChunkRef & { readonly attempt: number },
): AttemptRecord | undefined {
  const row = database.get(
    "select * from attempt where run = :run and number = :number and attempt = :attempt",
    { run, number, attempt },
  ) as AttemptRow | undefined;
  return row === undefined ? undefined : toAttempt(row);
}

/** See `Journal.readBlock`. */
export function readBlock(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
): Uint8Array | undefined {
  return (
    database.get("select inputs from block where run = :run and number = :number", {
      run,
      number,
    }) as { inputs: Uint8Array } | undefined
  )?.inputs;
}

/** See `Journal.listAttempts`. */
export function listAttempts(
  database: SqliteDatabase,
  selection: {
    readonly run: RunKey;
    readonly chunk?: number;
    readonly after?: { readonly number: number; readonly attempt: number };
    readonly limit: number;
  },
): readonly AttemptRecord[] {
  const { run, chunk, after = { number: -1, attempt: 0 }, limit } = selection;
  const rows = database.all(
    `select * from attempt
     where run = :run and (number, attempt) > (:afterNumber, :afterAttempt)
       and (:chunk is null or number = :chunk)
     order by number, attempt limit :limit`,
    { run, chunk, limit, afterNumber: after.number, afterAttempt: after.attempt },
  ) as readonly AttemptRow[];
  return rows.map(toAttempt);
}

/** See `Journal.listEvents`. */
export function listEvents(
  database: SqliteDatabase,
  { run, chunk, after = 0, sinceMs, limit }: EventSelection,
): readonly EventRecord[] {
  const ofChunk = chunk === undefined ? "" : "and chunk is :chunk";
  const since = sinceMs === undefined ? "" : "and at_ms >= :sinceMs";
  const rows = database.all(
    `select * from event where run = :run ${ofChunk} ${since} and id > :after
     order by id limit :limit`,
    {
      ...{ run, after, limit },
      ...(chunk === undefined ? {} : { chunk }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    },
  ) as readonly EventRow[];
  return rows.map(toEvent);
}
