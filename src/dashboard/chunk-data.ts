import {
  endedChunkStates,
  type AttemptRecord,
  type ChunkWithAttempt,
  type Run,
} from "../runs/index.ts";
import type {
  AttemptEntry,
  ChunkDetail,
  ChunkEntry,
  ChunkPage,
  ChunkStateName,
  EventEntry,
} from "./dashboard-data.ts";
import { errorDataOf } from "./error-data.ts";
import { toEventEntry } from "./event-data.ts";

const inputsShown = 20;
const eventsShown = 500;

/** A chunk as it is shown in a list. */
export function toChunkEntry({ chunk, attempt }: ChunkWithAttempt): ChunkEntry {
  const { number, kind, size, state, round, dueMs, polls, worker, leaseUntilMs } = chunk;
  const { error, counts, decision } = chunk;
  const operation = attempt?.operation?.name;
  const isUndecided = state === "unknown" && dueMs === undefined;
  return {
    ...{ number, kind, size, state, round, attempt: chunk.attempt, polls, isUndecided },
    ...(operation === undefined ? {} : { operation }),
    ...(attempt === undefined ? {} : { submittedMs: attempt.intentMs }),
    ...(attempt?.settledMs === undefined ? {} : { settledMs: attempt.settledMs }),
    ...(dueMs === undefined ? {} : { dueMs }),
    ...(worker === undefined ? {} : { worker }),
    ...(leaseUntilMs === undefined ? {} : { leaseUntilMs }),
    ...(error === undefined ? {} : { error: errorDataOf(error) }),
    ...(endedChunkStates.includes(state) ? { counts } : {}),
    ...(decision === undefined ? {} : { decision }),
  };
}

/** Which chunks of a run are shown. */
export interface ChunkChoice {
  /** None: all. */
  readonly states: readonly ChunkStateName[];
  readonly after: number;
  readonly limit: number;
}

/** Reads a page of chunks. */
export async function readChunkPage(
  run: Run,
  { states, after, limit }: ChunkChoice,
): Promise<Omit<ChunkPage, "atMs">> {
  const chosen = states.length === 0 ? undefined : states;
  const found: ChunkEntry[] = [];
  // One more tells whether there is a next page.
  for await (const each of run.chunks({ states: chosen, after, limit: limit + 1 })) {
    found.push(toChunkEntry(each));
  }
  const chunks = found.slice(0, limit);
  const last = chunks.at(-1);
  return found.length > limit && last !== undefined ? { chunks, next: last.number } : { chunks };
}

/** Reads what is known of a chunk; undefined where there is none of this number. */
export async function readChunkDetail(
  run: Run,
  number: number,
): Promise<Omit<ChunkDetail, "atMs"> | undefined> {
  const found = await run.chunk(number);
  if (found === undefined) return undefined;
  const events: EventEntry[] = [];
  for await (const event of run.events({ chunk: number })) {
    events.push(toEventEntry(event));
    if (events.length > eventsShown) events.shift();
  }
  const attempts = await run.attempts(number);
  const inputs = await run.inputs(number);
  const manifest = (await run.outcome(number))?.manifest;
  return {
    ...toChunkEntry(found),
    ...{ attempts: attempts.map(toAttemptEntry), events },
    inputs: inputs.slice(0, inputsShown).map(({ uri }) => uri),
    ...(manifest === undefined ? {} : { manifest: JSON.stringify(manifest) }),
  };
}

function toAttemptEntry(record: AttemptRecord): AttemptEntry {
  const { attempt, intentMs, settledMs, outcome, operation, prefix, worker, error } = record;
  return {
    ...{ attempt, intentMs, prefix, worker },
    ...(settledMs === undefined ? {} : { settledMs }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(operation === undefined ? {} : { operation: operation.name }),
    ...(error === undefined ? {} : { error: errorDataOf(error) }),
  };
}
