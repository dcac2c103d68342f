import type { RunKey, RunRecord } from "../journal/run-record.ts";
import { ChunkClaims } from "./chunk-claims.ts";
import { ChunkWork, type WorkerParts } from "./chunk-work.ts";
import type { LiveResults } from "./live-results.ts";
import { RunContexts } from "./run-contexts.ts";
import type { StorageTrouble } from "./storage-watch.ts";
import { WakeUp } from "./wake-up.ts";
import type { WorkerOptions } from "./worker-options.ts";

/**
 * Works on runs in this process: claims their chunks, takes each step by step to its end, and settles
 * the runs. Any number of workers may share a journal. It never rejects: what goes wrong with the
 * journal is its `failure`, everything else is in the journal.
 */
export class RunWorker {
  /** Wakes when a chunk or a run has ended, or the worker has failed. */
  readonly changes = new WakeUp();
  readonly #parts: WorkerParts;
  readonly #work: ChunkWork;
  readonly #runs: RunContexts;
  readonly #claims: ChunkClaims;
  readonly #wake = new WakeUp();
  #working: Promise<void> | undefined;

  constructor(parts: WorkerParts, options: WorkerOptions = {}) {
    this.#parts = parts;
    const { journal, clock } = parts;
    const work = new ChunkWork(parts, this.#events(), options);
    this.#work = work;
    const { held, id: worker, settings } = work;
    const onLeft = (): void => {
      this.changes.wake();
    };
    this.#runs = new RunContexts({ journal, clock, held, onLeft });
    const claiming = { journal, clock, held, worker, options: settings };
    this.#claims = new ChunkClaims({ ...claiming, contexts: this.#runs, work });
  }

  /** Who reads the results of runs while they go on. */
  get live(): LiveResults {
    return this.#work.parts.live;
  }

  /** Why no run is worked on any more; a run that is driven anew takes it away. */
  get failure(): Error | undefined {
    return this.#work.failure;
  }

  /** Why the output of the runs that are worked on here cannot be read now. */
  get storageTrouble(): StorageTrouble | undefined {
    return this.#work.storage.trouble;
  }

  /** Works on a run from now on, or takes over what has changed of it. */
  drive(run: RunRecord): void {
    if (this.#work.closing.aborted) return;
    this.#work.forgetFailure();
    this.#runs.update(run);
    this.#work.parts.outage.retryNow();
    this.#wake.wake();
    // It goes on long after whoever has asked for it.
    this.#working ??= this.#work.parts.telemetry.outside(() => this.#workOn());
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
    await this.#work.stop();
    await this.#working;
    await this.#work.release();
  }

  #events(): ConstructorParameters<typeof ChunkWork>[1] {
    return {
      stay: {
        ...{ keptWaitMs: 2000, askingForRoom: 1 },
        // What waits for a reader who is slow is not held, however much of it there is.
        staysIn: ({ claim, current }, state) =>
          state !== "collecting" ||
          current.chunk.state === state ||
          this.#claims.mayCollect(claim.run),
      },
      onStep: () => {
        this.#wake.wake();
      },
      onLeft: () => {
        this.notice();
      },
      onRunStopped: (run) => {
        this.#runs.leave(run);
        this.notice();
      },
      onRenewed: () => this.#runs.refresh(),
      onFailed: () => {
        this.#runs.leaveAll();
        this.notice();
      },
    };
  }

  async #workOn(): Promise<void> {
    const { closing, held } = this.#work;
    const ended = new AbortController();
    const renewing = this.#work.keepLeases(ended.signal);
    try {
      await this.#work.releaseLeft();
      while (this.#runs.size > 0 && !closing.aborted) {
        const seen = this.#wake.changes;
        await this.#runs.settle();
        await this.#claims.claim();
        const ms = await this.#claims.idleMs();
        const { clock } = this.#parts;
        await this.#wake.after(seen, { clock, ms, signal: closing });
      }
      await held.allDone();
    } catch (error) {
      this.#work.fail(error as Error);
    } finally {
      ended.abort();
      await renewing;
      this.#working = undefined;
      this.changes.wake();
      if (this.#runs.size > 0 && !closing.aborted) this.#working = this.#workOn();
    }
  }
}
