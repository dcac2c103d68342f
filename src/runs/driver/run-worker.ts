import { randomBytes } from "node:crypto";
import type { ObjectStore } from "../../storage/index.ts";
import type { Logger } from "../../transport/index.ts";
import type { ChunkState } from "../journal/chunk-record.ts";
import { openChunkStates, type Journal } from "../journal/journal.ts";
import type { RunKey, RunRecord } from "../journal/run-record.ts";
import { pause, type RunClock } from "../run-clock.ts";
import { errorData } from "../steps/index.ts";
import { driveChunk } from "./drive-chunk.ts";
import type { DriverParts } from "./driver-parts.ts";
import { HeldChunk } from "./held-chunk.ts";
import { HeldChunks } from "./held-chunks.ts";
import { isProblem } from "./is-problem.ts";
import { keepLeases } from "./keep-leases.ts";
import { LiveResults } from "./live-results.ts";
import { toRunContext, type RunContext } from "./run-context.ts";
import type { RunService } from "./run-service.ts";
import { Slots } from "./slots.ts";
import { StepWriter } from "./step-writer.ts";
import { WakeUp } from "./wake-up.ts";
import { resolveWorkerOptions, type WorkerOptions, type WorkerSettings } from "./worker-options.ts";

/** What a worker needs. */
export interface WorkerParts {
  readonly journal: Journal;
  readonly service: RunService;
  readonly store: ObjectStore;
  readonly clock: RunClock;
  readonly logger: Logger;
}

/** How often is looked for what other processes have made due. */
const idleMs = 1000;
/** The states of what was submitted: followed before anything new is. */
const followedStates = openChunkStates.filter((state) => state !== "planned");
const plannedStates: readonly ChunkState[] = ["planned"];

/**
 * Works on runs in this process: claims their chunks, takes each step by step to its end, and settles
 * the runs. Any number of workers may share a journal. It never rejects: what goes wrong with the
 * journal is its `failure`, everything else is in the journal.
 */
export class RunWorker {
  /** Who this is in the journal. */
  readonly id = `${process.pid}-${randomBytes(6).toString("hex")}`;
  readonly live = new LiveResults();
  /** Wakes when a chunk or a run has ended, or the worker has failed. */
  readonly changes = new WakeUp();
  readonly #parts: DriverParts;
  readonly #options: WorkerSettings;
  readonly #runs = new Map<RunKey, RunContext>();
  readonly #held = new HeldChunks();
  /** Chunks that were let go because the journal failed. */
  readonly #abandoned = new Set<HeldChunk>();
  readonly #wake = new WakeUp();
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #working: Promise<void> | undefined;
  #failure: Error | undefined;
  /** Whether claims may be left in the journal that nothing here works on. */
  #mayHaveLeftClaims = false;

  constructor(parts: WorkerParts, options: WorkerOptions = {}) {
    const { journal, clock, service } = parts;
    this.#options = resolveWorkerOptions(options);
    this.#parts = {
      ...parts,
      ...{ version: service.version, live: this.live, room: new WakeUp() },
      writer: new StepWriter(journal, clock),
      submitTurns: { image: new Slots(1), file: new Slots(1) },
      collectTurns: new Slots(this.#options.maxCollecting),
      hurry: this.#hurry.signal,
      onProblem: (held, error) => {
        if (isProblem(held, error)) this.#track(this.#stopRun(held.claim.run, error));
      },
      onStep: () => {
        this.#wake.wake();
      },
    };
  }

  /** Why no run is worked on any more; a run that is driven anew takes it away. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Works on a run from now on, or takes over what has changed of it. */
  drive(run: RunRecord): void {
    if (this.#closing.signal.aborted) return;
    this.#failure = undefined;
    this.#update(run);
    this.#wake.wake();
    this.#working ??= this.#work();
  }

  /** Whether a run is worked on here. */
  drives(run: RunKey): boolean {
    return this.#runs.has(run);
  }

  /** A run or chunk was changed by a person: looks at it now. */
  notice(): void {
    this.#wake.wake();
    this.changes.wake();
  }

  /** Finishes what is being sent and written, gives all claims back and ends; the runs can be resumed at once. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(new Error("the runs were closed"));
    for (const held of this.#held.of()) held.stop();
    const done = new AbortController();
    const { clock } = this.#parts;
    const late = pause(clock, this.#options.closeTimeoutMs, done.signal).then((isLate) => {
      if (isLate) this.#hurry.abort(new Error("the runs were closed"));
    });
    await this.#held.allDone();
    done.abort();
    await late;
    await this.#working;
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#failure === undefined) await this.#parts.journal.release(this.id);
  }

  async #work(): Promise<void> {
    const ended = new AbortController();
    const renewing = this.#keepLeases(ended.signal);
    try {
      await this.#releaseLeft();
      while (this.#runs.size > 0 && !this.#closing.signal.aborted) {
        const seen = this.#wake.changes;
        await this.#settle();
        await this.#claim();
        const ms = await this.#idle();
        const { clock } = this.#parts;
        await this.#wake.after(seen, { clock, ms, signal: this.#closing.signal });
      }
      await this.#held.allDone();
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      ended.abort();
      await renewing;
      this.#working = undefined;
      this.changes.wake();
      if (this.#runs.size > 0 && !this.#closing.signal.aborted) this.#working = this.#work();
    }
  }

  /** Renewed along with all others, a claim that could not be given back would be held as long as this process lives. */
  async #releaseLeft(): Promise<void> {
    if (!this.#mayHaveLeftClaims) return;
    await this.#held.allDone();
    await this.#parts.journal.release(this.id);
    this.#mayHaveLeftClaims = false;
  }

  #keepLeases(ended: AbortSignal): Promise<void> {
    const { journal, clock } = this.#parts;
    const { leaseMs } = this.#options;
    const parts = { journal, clock, worker: this.id, leaseMs, held: this.#held };
    const onRenewed = () => this.#refresh();
    const onError = (error: Error): void => {
      this.#fail(error);
    };
    return keepLeases({ ...parts, onRenewed, onError }, ended);
  }

  /** Ends runs whose chunks have all ended, and leaves those that are over, whoever ended them. */
  async #settle(): Promise<void> {
    const { journal, clock } = this.#parts;
    for (const [key, context] of [...this.#runs]) {
      if (this.#held.of(key).length > 0) continue;
      const run = await journal.settleRun(key, clock.now());
      // Whoever let it run again meanwhile knows more.
      if (this.#runs.get(key) !== context) continue;
      if (run !== undefined && ["running", "paused", "cancelling"].includes(run.state)) {
        this.#runs.set(key, toRunContext(run));
      } else {
        this.#runs.delete(key);
        this.changes.wake();
      }
    }
  }

  async #claim(): Promise<void> {
    const { maxChunks, maxSubmitting } = this.#options;
    await this.#claimOf(followedStates, maxChunks - this.#held.size);
    const free = Math.min(maxSubmitting - this.#held.submitting, maxChunks - this.#held.size);
    await this.#claimOf(plannedStates, free);
  }

  async #claimOf(states: readonly ChunkState[], limit: number): Promise<void> {
    if (limit <= 0 || this.#runs.size === 0) return;
    const { journal, clock } = this.#parts;
    const nowMs = clock.now();
    const leaseUntilMs = nowMs + this.#options.leaseMs;
    const runs = [...this.#runs.keys()];
    const request = { worker: this.id, states, runs, limit, nowMs, leaseUntilMs };
    for (const claimed of await journal.claim(request)) {
      const context = this.#runs.get(claimed.chunk.run);
      if (context === undefined) {
        // The run was stopped meanwhile.
        await journal.release(this.id, [{ ...claimed.chunk, worker: this.id }]);
        continue;
      }
      const held = new HeldChunk(claimed, { worker: this.id, leaseUntilMs, context });
      this.#held.add(held, this.#drive(held));
    }
  }

  async #drive(held: HeldChunk): Promise<void> {
    try {
      if (this.#closing.signal.aborted) held.stop();
      await driveChunk(held, this.#parts);
    } catch (error) {
      if (!held.lost.aborted) this.#fail(error as Error);
      else this.#parts.logger.warn({ error, ...held.claim }, "a lost chunk was left with an error");
    } finally {
      // The claim itself may still be held, and nobody should have to wait for its lease.
      if (this.#abandoned.delete(held)) {
        await this.#parts.journal.release(this.id, [held.claim]).catch(() => undefined);
      }
      this.#wake.wake();
      this.changes.wake();
    }
  }

  /** How long there is nothing to claim, as far as is known. */
  async #idle(): Promise<number> {
    const { maxChunks, maxSubmitting } = this.#options;
    if (this.#held.size >= maxChunks) return idleMs;
    const states = this.#held.submitting >= maxSubmitting ? followedStates : openChunkStates;
    const { journal, clock } = this.#parts;
    const dueMs = await journal.nextDueMs({ states, runs: [...this.#runs.keys()] });
    if (dueMs === undefined) return idleMs;
    return Math.min(idleMs, Math.max(1, dueMs - clock.now()));
  }

  #update(run: RunRecord): void {
    const context = toRunContext(run);
    this.#runs.set(run.key, context);
    for (const held of this.#held.of(run.key)) held.noticeContext(context);
  }

  /** Takes up what other processes have changed of the runs. */
  async #refresh(): Promise<void> {
    for (const [key, context] of [...this.#runs]) {
      const run = await this.#parts.journal.readRun(key);
      if (run !== undefined && this.#runs.get(key) === context) this.#update(run);
    }
  }

  /** Stops a run by an error that would meet every chunk. */
  async #stopRun(key: RunKey, problem: Error): Promise<void> {
    const { journal, clock, logger } = this.#parts;
    logger.error({ run: this.#runs.get(key)?.run.id, error: problem }, "the run was stopped");
    try {
      const change = { from: ["running", "paused"], to: "failed" } as const;
      const error = errorData(problem);
      const failed = await journal.changeRun(key, { ...change, nowMs: clock.now(), error });
      if (failed === undefined) return;
      this.#runs.delete(key);
      for (const held of this.#held.of(key)) held.stop();
      this.notice();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** The journal cannot be used: nothing is sent any more, for it could not be written. */
  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#mayHaveLeftClaims = true;
    this.#parts.logger.error({ error }, "the runs were stopped");
    this.#runs.clear();
    for (const held of this.#held.of()) {
      held.lose();
      this.#abandoned.add(held);
    }
    this.notice();
  }

  #track(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }
}
