import { randomBytes } from "node:crypto";
import type { ObjectStore } from "../../storage/index.ts";
import type { Logger } from "../../transport/index.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunKey, RunRecord } from "../journal/run-record.ts";
import { pause, type RunClock } from "../run-clock.ts";
import { errorData } from "../steps/index.ts";
import { ChunkClaims } from "./chunk-claims.ts";
import { driveChunk } from "./drive-chunk.ts";
import type { DriverParts } from "./driver-parts.ts";
import type { HeldChunk } from "./held-chunk.ts";
import { HeldChunks } from "./held-chunks.ts";
import { isProblem } from "./is-problem.ts";
import { keepLeases } from "./keep-leases.ts";
import { LiveResults } from "./live-results.ts";
import { Outage } from "./outage.ts";
import { RunContexts } from "./run-contexts.ts";
import type { RunService } from "./run-service.ts";
import { Slots } from "./slots.ts";
import { StepWriter } from "./step-writer.ts";
import { SubmitTurns } from "./submit-turns.ts";
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
  readonly #held = new HeldChunks();
  readonly #runs: RunContexts;
  readonly #claims: ChunkClaims;
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
    const held = this.#held;
    this.#options = resolveWorkerOptions(options);
    this.#parts = {
      ...parts,
      ...{ version: service.version, live: this.live, room: new WakeUp() },
      writer: new StepWriter(journal, clock),
      submitTurns: new SubmitTurns(),
      outage: new Outage(parts),
      collectTurns: new Slots(this.#options.maxCollecting),
      hurry: this.#hurry.signal,
      onProblem: (held, error) => {
        if (isProblem(held, error)) this.#track(this.#stopRun(held.claim.run, error));
      },
      onStep: () => {
        this.#wake.wake();
      },
    };
    const onLeft = (run: RunKey): void => {
      this.#parts.submitTurns.forget(run);
      this.changes.wake();
    };
    this.#runs = new RunContexts({ journal, clock, held, onLeft });
    const claiming = { journal, clock, held, worker: this.id, options: this.#options };
    const drive = (chunk: HeldChunk): Promise<void> => this.#drive(chunk);
    this.#claims = new ChunkClaims({ ...claiming, contexts: this.#runs, drive });
  }

  /** Why no run is worked on any more; a run that is driven anew takes it away. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Works on a run from now on, or takes over what has changed of it. */
  drive(run: RunRecord): void {
    if (this.#closing.signal.aborted) return;
    this.#failure = undefined;
    this.#runs.update(run);
    this.#parts.outage.retryNow();
    this.#wake.wake();
    this.#working ??= this.#work();
  }

  /** Whether a run is worked on here. */
  drives(run: RunKey): boolean {
    return this.#runs.get(run) !== undefined;
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
        await this.#runs.settle();
        await this.#claims.claim();
        const ms = await this.#claims.idleMs();
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
    const onRenewed = () => this.#runs.refresh();
    const onError = (error: Error): void => {
      this.#fail(error);
    };
    return keepLeases({ ...parts, onRenewed, onError }, ended);
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

  /** Stops a run by an error that would meet every chunk. */
  async #stopRun(key: RunKey, problem: Error): Promise<void> {
    const { journal, clock, logger } = this.#parts;
    logger.error({ run: this.#runs.get(key)?.run.id, error: problem }, "the run was stopped");
    try {
      const change = { from: ["running", "paused"], to: "failed" } as const;
      const error = errorData(problem);
      const failed = await journal.changeRun(key, { ...change, nowMs: clock.now(), error });
      if (failed === undefined) return;
      this.#runs.leave(key);
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
    this.#runs.leaveAll();
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
