import type {
  AttemptRecord,
  ChunkOutcome,
  ChunkRef,
  ChunkSelection,
  ChunkState,
  ChunkWithAttempt,
  Claim,
  Decision,
} from "./chunk-record.ts";
import type {
  ChunkStep,
  ClaimRequest,
  HeldClaim,
  LateOperation,
  LateRefusal,
  PlanPart,
  PlanTotals,
  RetryPart,
  SubmitGate,
  SubmitIntent,
} from "./chunk-writes.ts";
import type { EventRecord, EventSelection } from "./event-record.ts";
import type { FlowRecord } from "./flow-record.ts";
import type { NewRun, RunChange, RunKey, RunRecord, RunSelection } from "./run-record.ts";
import type { RunProgress } from "./run-progress.ts";

/**
 * Where runs are kept: the truth about what was sent, what came of it and what is next.
 *
 * Every method is one transaction, durable when its promise resolves; but for `claim`, `renew` and
 * `release`, which a loss of power that ends all workers may take back, though never without what was
 * written after them. Times are milliseconds of the epoch, told by the caller. Whoever claims a chunk gets
 * a higher fence than all before; each write names its claim and changes nothing once that is lost, which
 * the answer tells. What a claimant did not write is found by the next one in the state before it.
 *
 * @throws JournalError from every method: locked, full, corrupted, read-only, closed.
 */
export interface Journal extends AsyncDisposable {
  /** Adds a run in the state `planning`; where the id is taken, tells the run that has it. */
  createRun(run: NewRun): Promise<{
    /** False where the id was taken. */
    readonly created: boolean;
    /** The run of that id. */
    readonly run: RunRecord;
  }>;
  /** A run by its public id. */
  findRun(id: string): Promise<RunRecord | undefined>;
  /** A run by its key. */
  readRun(key: RunKey): Promise<RunRecord | undefined>;
  /** Runs in the order in which they were created. */
  listRuns(selection: RunSelection): Promise<readonly RunRecord[]>;
  /** Changes the state of a run, and what is due of it, if it is in one that may be left; else undefined. */
  changeRun(key: RunKey, change: RunChange): Promise<RunRecord | undefined>;
  /**
   * Cancels a run that is not at its end: no chunk of it is submitted any more. Chunks that were never
   * tried end as `cancelled`, their inputs as `notSubmitted`, whoever has claimed them; all other open
   * ones become due. A run in planning ends at once; one that is being cancelled stays as it is. Else undefined.
   */
  cancelRun(key: RunKey, nowMs: number): Promise<RunRecord | undefined>;
  /**
   * Ends a run whose chunks have all ended: as `done`, or as `cancelled` after a cancel. Tells the run
   * as it is then, ended or not; undefined where there is none.
   */
  settleRun(key: RunKey, nowMs: number): Promise<RunRecord | undefined>;
  /** Forgets a run and all that is kept of it; false where there is none. */
  removeRun(key: RunKey): Promise<boolean>;
  /** How far a run has come; undefined where there is none. */
  progress(key: RunKey): Promise<RunProgress | undefined>;

  /**
   * Adds chunks to the plan of a run. False, and nothing is added, where the run is not in planning or
   * the chunks do not follow those that it has: somebody else plans it.
   */
  appendPlan(part: PlanPart): Promise<boolean>;
  /** The digests of planned chunks from one on, in order, for comparing a plan with its inputs. */
  readDigests(from: ChunkRef, limit: number): Promise<readonly string[]>;
  /** Lets a planned run run; undefined where it is not in planning or does not have these totals. */
  commitPlan(totals: PlanTotals): Promise<RunRecord | undefined>;
  /**
   * Adds chunks of a retry and marks where their inputs were taken from, all or nothing. A run that had
   * ended runs again. False where a chunk was changed since it was read, or the run is in planning or cancelling.
   */
  appendRetry(part: RetryPart): Promise<boolean>;

  /**
   * Claims chunks that are due and whose lease is over, of runs that are running, paused or cancelling;
   * `planned` ones not of those that are paused.
   */
  claim(request: ClaimRequest): Promise<readonly ChunkWithAttempt[]>;
  /** When `claim` will next find something, by what is known now; undefined: not before something changes. */
  nextDueMs(request: Pick<ClaimRequest, "states" | "runs">): Promise<number | undefined>;
  /** Prolongs all claims of a worker and tells which it has: what is not among them is lost. */
  renew(worker: string, leaseUntilMs: number): Promise<readonly HeldClaim[]>;
  /** Gives claims back, so that others need not wait for the lease. Default: all of the worker. */
  release(worker: string, claims?: readonly Claim[]): Promise<void>;

  /**
   * Writes the intent to submit a chunk that is `planned`, or `unknown` and to be sent again: counts the
   * attempt, takes the room that it needs under the limits, clears the decision. After `begun` the
   * chunk is `submitting` and due at once for whoever claims it next. An `unknown` one of whose attempt
   * an operation is recorded is refused as `accepted`, unless the intent names that operation as gone.
   */
  beginAttempt(claim: Claim, intent: SubmitIntent): Promise<SubmitGate>;
  /** Writes steps of chunks, each by itself: tells for each whether its claim still held. */
  advance(steps: readonly ChunkStep[]): Promise<readonly boolean[]>;
  /**
   * Keeps the name of an operation that a worker learned too late to write it as a step, where the
   * attempt has none: evidence, no transition. A chunk of unknown fate becomes due.
   */
  recordOperation(late: LateOperation): Promise<boolean>;
  /**
   * Keeps that an attempt was surely not accepted, as a worker learned too late to write it as a step, where
   * nothing else is known of it and its chunk has not ended. A chunk that is still at this attempt is taken
   * from its claimant, who looks for what cannot be, and becomes due: whoever claims it next sends it again.
   */
  recordRefusal(late: LateRefusal): Promise<boolean>;
  /** Notes a person's decision about a chunk that is `unknown`, takes it from its claimant and makes it due; else false. */
  decide(
    chunk: ChunkRef,
    decision: { readonly decision: Decision; readonly by?: string; readonly nowMs: number },
  ): Promise<boolean>;

  /** A chunk with its current attempt. */
  readChunk(chunk: ChunkRef): Promise<ChunkWithAttempt | undefined>;
  /** Chunks of a run in order. */
  listChunks(selection: ChunkSelection): Promise<readonly ChunkWithAttempt[]>;
  /** The inputs of a chunk as they were planned, for `decodeInputs`. */
  readBlock(chunk: ChunkRef): Promise<Uint8Array | undefined>;
  /** What became of the inputs of a chunk; undefined until it has ended. */
  readOutcome(chunk: ChunkRef): Promise<ChunkOutcome | undefined>;
  /** All attempts of a chunk, or of a run, in order; `after` is the last one of the page before. */
  listAttempts(selection: {
    readonly run: RunKey;
    readonly chunk?: number;
    readonly after?: { readonly number: number; readonly attempt: number };
    readonly limit: number;
  }): Promise<readonly AttemptRecord[]>;
  /** What happened, in order. */
  listEvents(selection: EventSelection): Promise<readonly EventRecord[]>;
  /** The pace of a scope. */
  readFlow(scope: string): Promise<FlowRecord>;

  /** The time of those who share the journal, where that is not the one of the machine. */
  readonly readTimeMs?: (() => Promise<number>) | undefined;

  /** Closes the journal; claims stay until their lease is over unless they were released. */
  close(): Promise<void>;
}

/** The states in which a claimed chunk may still be worked on, in the order in which they should be. */
export const openChunkStates: readonly ChunkState[] = [
  "collecting",
  "running",
  "submitting",
  "unknown",
  "planned",
];
