import { endedChunkStates, type AttemptRecord, type ChunkRef } from "../chunk-record.ts";
import type { ChunkSelection, ChunkWithAttempt } from "../chunk-record.ts";
import type { EventRecord, EventSelection } from "../event-record.ts";
import { toAttempt, toEvent, type AttemptRow, type EventRow } from "../rows.ts";
import type { RunKey } from "../run-record.ts";
import { withCurrent, type ChunkWithCurrent } from "./claim-store.ts";
import type { Queries } from "./queries.ts";

/** Chunks, each with its current attempt beside it. */
const chunksWithAttempts = (chunks: string): string => `
  select chunk.*, to_json(tried) as current from ${chunks} as chunk
  left join journal.attempt as tried on tried.run = chunk.run and tried.number = chunk.number
    and tried.attempt = chunk.attempt`;

/** See `Journal.readChunk`. */
export async function readChunk(
  queries: Queries,
  { run, number }: ChunkRef,
): Promise<ChunkWithAttempt | undefined> {
  const row = (await queries.get(
    `${chunksWithAttempts("journal.chunk")} where chunk.run = :run and chunk.number = :number`,
    { run, number },
  )) as ChunkWithCurrent | undefined;
  return row === undefined ? undefined : withCurrent(row);
}

/** See `Journal.listChunks`. */
export async function listChunks(
  queries: Queries,
  { run, states, input, after = -1, limit }: ChunkSelection,
): Promise<readonly ChunkWithAttempt[]> {
  const areEnded = states?.every((state) => endedChunkStates.includes(state)) === true;
  const chosen = areEnded && input === undefined ? ended : any;
  const rows = await queries.all(
    `${chunksWithAttempts(`(${chosen})`)} order by chunk.number limit :limit`,
    { run, after, limit, states, ...(chosen === any ? { input } : {}) },
  );
  return (rows as readonly ChunkWithCurrent[]).map(withCurrent);
}

const any = `
  select * from journal.chunk
  where run = :run and number > :after and (:states::text[] is null or state = any (:states))
    and (:input::bigint is null or :input between first and last)
  order by number limit :limit`;

/** By the index of what is due, which never is what has ended: all others are passed over. */
const ended = `
  select found.* from unnest(:states::text[]) as wanted (state) cross join lateral (
    select * from journal.chunk
    where run = :run and state = wanted.state and due_ms is null and number > :after
    order by number limit :limit
  ) as found`;

/** See `Journal.readBlock`. */
export async function readBlock(
  queries: Queries,
  { run, number }: ChunkRef,
): Promise<Uint8Array | undefined> {
  const row = await queries.get(
    "select inputs from journal.block where run = :run and number = :number",
    { run, number },
  );
  return (row as { readonly inputs: Uint8Array } | undefined)?.inputs;
}

/** See `Journal.listAttempts`. */
export async function listAttempts(
  queries: Queries,
  selection: {
    readonly run: RunKey;
    readonly chunk?: number;
    readonly after?: { readonly number: number; readonly attempt: number };
    readonly limit: number;
  },
): Promise<readonly AttemptRecord[]> {
  const { run, chunk, after = { number: -1, attempt: 0 }, limit } = selection;
  const rows = await queries.all(
    `select * from journal.attempt
     where run = :run and (number, attempt) > (:afterNumber::integer, :afterAttempt::integer)
       and (:chunk::integer is null or number = :chunk)
     order by number, attempt limit :limit`,
    { run, chunk, limit, afterNumber: after.number, afterAttempt: after.attempt },
  );
  return (rows as readonly AttemptRow[]).map(toAttempt);
}

/** See `Journal.listEvents`. */
export async function listEvents(
  queries: Queries,
  { run, chunk, after = 0, sinceMs, limit }: EventSelection,
): Promise<readonly EventRecord[]> {
  const ofChunk = chunk === null ? "and chunk is null" : "and chunk = :chunk";
  const since = sinceMs === undefined ? "" : "and at_ms >= :sinceMs";
  const rows = await queries.all(
    `select * from journal.event
     where run = :run ${chunk === undefined ? "" : ofChunk} ${since} and id > :after
     order by id limit :limit`,
    { run, after, limit, chunk, sinceMs },
  );
  return (rows as readonly EventRow[]).map(toEvent);
}
