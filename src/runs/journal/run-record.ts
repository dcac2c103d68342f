/** Plain data as it is kept in a journal: whatever survives JSON. */
export type JsonData = Readonly<Record<string, unknown>>;

/** The number by which a journal knows a run; its own, never shown to users. */
export type RunKey = number;

/**
 * What a run is doing. `planning`: its inputs are still being written, nothing is submitted. `running`.
 * `paused`: no new submits, what was submitted goes on. `cancelling`: no new submits ever, what was
 * submitted is being ended. `done`: every chunk has ended. `failed`: stopped by an error that would
 * meet every chunk; it can be resumed. `cancelled`: every chunk has ended after a cancel.
 */
export type RunState =
  "planning" | "running" | "paused" | "cancelling" | "cancelled" | "done" | "failed";

/** Every state of a run, in the order in which a run comes to them. */
export const runStates: readonly RunState[] = [
  "planning",
  "running",
  "paused",
  "cancelling",
  "cancelled",
  "done",
  "failed",
];

/** How an input is sent: one image, or a file whose pages are annotated. */
export type ChunkKind = "image" | "file";

/** A run before it is planned. */
export interface NewRun {
  /** The public id, unique in the journal. */
  readonly id: string;
  /** Whose limits the run shares: runs of one scope share the flow control (a project; may be empty). */
  readonly scope: string;
  /** What was asked for; the same id with other options is refused. */
  readonly options: JsonData;
  /** What may be changed when a run is resumed: limits, policies. */
  readonly settings: JsonData;
  /** The time of the call, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** A run. */
export interface RunRecord {
  /** The journal's own number of the run. */
  readonly key: RunKey;
  /** The public id, unique in the journal. */
  readonly id: string;
  /** Whose limits it shares; may be empty. */
  readonly scope: string;
  /** What it is doing. */
  readonly state: RunState;
  /** What was asked for. */
  readonly options: JsonData;
  /** What may be changed when it is resumed. */
  readonly settings: JsonData;
  /** Inputs that are planned so far; all of them once the plan is committed. */
  readonly inputs: number;
  /** Those that are images. */
  readonly images: number;
  /** Those that are files. */
  readonly files: number;
  /** Chunks that are written so far, those of retries included: the number of the next one. */
  readonly chunks: number;
  /** Times that `retryFailed` made new chunks. */
  readonly rounds: number;
  /** SHA-256 over the digests of the planned chunks, in hex; absent while planning. */
  readonly digest?: string;
  /** Why the run failed, as an error's `toJSON` tells it. */
  readonly error?: JsonData;
  /** When it was created, in milliseconds since 1970. */
  readonly createdMs: number;
  /** When the state was last changed. */
  readonly changedMs: number;
}

/** A change of a run's state, made only if the run is in one of the states `from`. */
export interface RunChange {
  /** The states that it may be in. */
  readonly from: readonly RunState[];
  /** The state that it then has. */
  readonly to: RunState;
  /** The time of the call, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Why; for `failed`. Any other change takes the error of the run away. */
  readonly error?: JsonData;
  /** Settings that take the place of the old ones. */
  readonly settings?: JsonData;
  /**
   * Whether what waits after failures becomes due now: `planned`, `running` and `collecting` chunks whose
   * memo counts `rejections` or `pollFailures`, at their `notBeforeMs` at the earliest. So do, in whatever
   * state the run is, records of ended chunks that were not handed on. Default false.
   */
  readonly retryNow?: boolean;
}

/** A choice of runs; in the order of their keys. */
export interface RunSelection {
  /** Default: all. */
  readonly states?: readonly RunState[];
  /** Only runs after this one. */
  readonly after?: RunKey;
  /** How many at most. */
  readonly limit: number;
}
