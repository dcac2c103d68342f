import type { JsonData, RunKey } from "./run-record.ts";

/** Something that happened to a chunk, as a step tells it; the journal adds when, who and which attempt. */
export interface NewEvent {
  /** A short name in camel case, e.g. `submitted`. */
  readonly type: string;
  /** What else is told of it. */
  readonly data?: JsonData;
}

/**
 * The events that a journal writes of itself: `created`, `planned`, `retried` and `state` of a run;
 * `takenOver` (a claim whose lease was over; data: `from`), `cancelled` (before it was submitted),
 * `decided` (data: `decision`, `by`), `operationFound` (data: `operation`) and `refusalFound` (data: the
 * error; the submit of a lost claim was not accepted) of a chunk; `undelivered` of one that has ended (its
 * records could not be handed on for long; data: the last error).
 */
export type JournalEventType =
  | "created"
  | "planned"
  | "retried"
  | "state"
  | "takenOver"
  | "cancelled"
  | "decided"
  | "operationFound"
  | "refusalFound"
  | "undelivered";

/** Something that happened; events are only ever added. */
export interface EventRecord extends NewEvent {
  /** Grows from event to event of a chunk; of two chunks, the later one may be seen first for a moment. */
  readonly id: number;
  /** Its run, by the journal's own number. */
  readonly run: RunKey;
  /** Absent: of the run as a whole. */
  readonly chunk?: number;
  /** When it happened, in milliseconds since 1970. */
  readonly atMs: number;
  /** Who told it; absent where it was no worker. */
  readonly worker?: string;
  /** The fence of the chunk at that time; absent where it is of the run. */
  readonly fence?: number;
  /** The attempt of the chunk at that time; absent where it is of the run. */
  readonly attempt?: number;
}

/** A choice of events of a run; in the order in which they happened. */
export interface EventSelection {
  /** The run, by the journal's own number. */
  readonly run: RunKey;
  /** Default: those of all chunks, and of the run as a whole, which alone `null` names. */
  readonly chunk?: number | null;
  /** Only events after this one. */
  readonly after?: number;
  /** Only events of this time or later. */
  readonly sinceMs?: number;
  /** How many at most. */
  readonly limit: number;
}
