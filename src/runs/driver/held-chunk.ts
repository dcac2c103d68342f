import type { OperationHandle } from "../../operations/index.ts";
import type { AttemptRecord, ChunkWithAttempt, Claim } from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { RunState } from "../journal/run-record.ts";
import { withAttempt, withStep } from "../steps/index.ts";
import type { RunContext } from "./run-context.ts";

/** The reason with which the work on a chunk is aborted whose claim is lost. */
const claimLost = new Error("the claim of the chunk was lost");

/** A chunk that this process has claimed, and what it must be told of while it is worked on. */
export class HeldChunk {
  readonly claim: Claim;
  /** Until when the claim is nobody else's, as far as is known. */
  leaseUntilMs: number;
  /** Whether it waits until there is room for its submit. */
  waitsForRoom = false;
  /** Whether the journal tells that no connection has come yet, and not why none came. */
  isNotedEarly = false;
  /** The operation, where this process has submitted or followed it. */
  handle: OperationHandle | undefined;
  #context: RunContext;
  #current: ChunkWithAttempt;
  #runState: RunState;
  readonly #stopping = new AbortController();
  readonly #lost = new AbortController();
  #interruption = new AbortController();

  constructor(
    claimed: ChunkWithAttempt,
    fields: {
      readonly worker: string;
      readonly leaseUntilMs: number;
      readonly context: RunContext;
    },
  ) {
    const { run, number, fence } = claimed.chunk;
    this.claim = { run, number, fence, worker: fields.worker };
    this.#context = fields.context;
    this.leaseUntilMs = fields.leaseUntilMs;
    this.#current = claimed;
    this.#runState = fields.context.run.state;
  }

  /** The chunk with its attempt, as it was written last. */
  get current(): ChunkWithAttempt {
    return this.#current;
  }

  /** The run, its options and its settings. */
  get context(): RunContext {
    return this.#context;
  }

  get runState(): RunState {
    return this.#runState;
  }

  /** Whether the claim is to be given back at the next opportunity. */
  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Aborts when the claim is to be given back. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when the claim is lost: nothing that is done from then on counts. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborts when something has changed that whoever waits must know; the next one is another. */
  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  /** The claim was lost. */
  lose(): void {
    this.#lost.abort(claimLost);
  }

  /** The claim is to be given back. */
  stop(): void {
    this.#stopping.abort();
    this.#interrupt();
  }

  /** The run was read anew: other settings are asked for at once. */
  noticeContext(context: RunContext): void {
    const before = this.#context.run;
    this.#context = context;
    const { state, settings } = context.run;
    if (JSON.stringify(settings) !== JSON.stringify(before.settings)) this.#interrupt();
    this.noticeRun(state);
  }

  /** The run is in this state now. */
  noticeRun(state: RunState): void {
    if (state === this.#runState) return;
    this.#runState = state;
    this.#interrupt();
  }

  /** A step was written, or will be with others. */
  apply(step: ChunkStep): void {
    this.#current = withStep(this.#current, step);
  }

  /** The intent to submit was written. */
  begin(attempt: AttemptRecord): void {
    this.#current = withAttempt(this.#current, attempt);
    this.handle = undefined;
  }

  /** The operation was read more often than steps count, or less often. */
  countPolls(more: number): void {
    const { chunk, ...rest } = this.#current;
    this.#current = { chunk: { ...chunk, polls: chunk.polls + more }, ...rest };
  }

  #interrupt(): void {
    const interrupted = this.#interruption;
    this.#interruption = new AbortController();
    interrupted.abort();
  }
}
