import type { OperationToken } from "../../operations/operation-token.ts";
import type {
  AttemptOutcome,
  AttemptRecord,
  ChunkMemo,
  ChunkRecord,
  ChunkState,
  Decision,
  StatusCounts,
} from "./chunk-record.ts";
import type { EventRecord } from "./event-record.ts";
import type { ChunkKind, JsonData, RunRecord, RunState } from "./run-record.ts";

/** Inputs by status, as columns. */
export interface CountColumns {
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
  readonly missing: number;
  readonly not_submitted: number;
  readonly retried: number;
}

/** A row of `run`. */
export interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly scope: string;
  readonly state: RunState;
  readonly options: string;
  readonly settings: string;
  readonly inputs: number;
  readonly images: number;
  readonly files: number;
  readonly chunks: number;
  /** Of all chunks: what was retried is in several. */
  readonly chunk_inputs: number;
  readonly rounds: number;
  readonly digest: string | null;
  readonly error: string | null;
  readonly created_ms: number;
  readonly changed_ms: number;
}

/** A row of `chunk`. */
export interface ChunkRow extends CountColumns {
  readonly run: number;
  readonly number: number;
  readonly kind: ChunkKind;
  readonly size: number;
  readonly round: number;
  readonly state: ChunkState;
  readonly due_ms: number | null;
  readonly fence: number;
  readonly worker: string | null;
  readonly lease_until_ms: number | null;
  readonly attempt: number;
  readonly decision: Decision | null;
  readonly polls: number;
  readonly memo: string;
  readonly error: string | null;
  /** Only in journals that workers share. */
  readonly undelivered_ms?: number | null;
}

/** A chunk that is about to be submitted, with what its run says of that. */
export interface CandidateRow {
  readonly kind: ChunkKind;
  readonly size: number;
  readonly state: ChunkState;
  readonly attempt: number;
  readonly scope: string;
  readonly runState: RunState;
}

/** A row of `attempt`. */
export interface AttemptRow {
  readonly run: number;
  readonly number: number;
  readonly attempt: number;
  readonly prefix: string;
  readonly fingerprint: string;
  readonly intent_ms: number;
  readonly size: number;
  readonly worker: string;
  readonly fence: number;
  readonly outcome: AttemptOutcome | null;
  readonly settled_ms: number | null;
  readonly operation: string | null;
  readonly error: string | null;
}

/** A row of `event`. */
export interface EventRow {
  readonly id: number;
  readonly run: number;
  readonly chunk: number | null;
  readonly at_ms: number;
  readonly worker: string | null;
  readonly fence: number | null;
  readonly attempt: number | null;
  readonly type: string;
  readonly data: string | null;
}

/** A run as a record. */
export function toRun(row: RunRow): RunRecord {
  const { key, id, scope, state, inputs, images, files, chunks, rounds } = row;
  return {
    ...{ key, id, scope, state, inputs, images, files, chunks, rounds },
    options: parse(row.options) as JsonData,
    settings: parse(row.settings) as JsonData,
    ...present("digest", row.digest),
    ...parsed("error", row.error),
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
  };
}

/** A chunk as a record. */
export function toChunk(row: ChunkRow): ChunkRecord {
  const { run, number, kind, size, round, state, fence, attempt, polls } = row;
  return {
    ...{ run, number, kind, size, round, state, fence, attempt, polls },
    ...present("dueMs", row.due_ms),
    ...present("worker", row.worker),
    ...present("leaseUntilMs", row.lease_until_ms),
    ...present("decision", row.decision),
    counts: toCounts(row),
    memo: parse(row.memo) as ChunkMemo,
    ...parsed("error", row.error),
    ...present("undeliveredMs", row.undelivered_ms ?? null),
  };
}

/** An attempt as a record. */
export function toAttempt(row: AttemptRow): AttemptRecord {
  const { run, number, attempt, prefix, fingerprint, size, worker, fence } = row;
  return {
    ...{ run, number, attempt, prefix, fingerprint, size, worker, fence },
    intentMs: row.intent_ms,
    ...present("outcome", row.outcome),
    ...present("settledMs", row.settled_ms),
    ...present(
      "operation",
      row.operation === null ? null : (parse(row.operation) as OperationToken),
    ),
    ...parsed("error", row.error),
  };
}

/** An event as a record. */
export function toEvent(row: EventRow): EventRecord {
  const { id, run, type } = row;
  return {
    ...{ id, run, type },
    ...present("chunk", row.chunk),
    atMs: row.at_ms,
    ...present("worker", row.worker),
    ...present("fence", row.fence),
    ...present("attempt", row.attempt),
    ...parsed("data", row.data),
  };
}

/** Counts from their columns. */
export function toCounts(row: CountColumns): StatusCounts {
  const { succeeded, partial, failed, missing, not_submitted: notSubmitted, retried } = row;
  return { succeeded, partial, failed, missing, notSubmitted, retried };
}

/** Plain data as the text of a column. */
export function toText(data: object | undefined): string | undefined {
  return data === undefined ? undefined : JSON.stringify(data);
}

/** A time as a column of whole milliseconds; never earlier than it is. */
export function toMs(timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : Math.ceil(timeMs);
}

function parse(text: string): unknown {
  return JSON.parse(text);
}

function present<Name extends string, T>(name: Name, value: T | null): { [Key in Name]?: T } {
  return value === null ? {} : ({ [name]: value } as { [Key in Name]?: T });
}

function parsed<Name extends string>(
  name: Name,
  text: string | null,
): { [Key in Name]?: JsonData } {
  return present(name, text === null ? null : (parse(text) as JsonData));
}
