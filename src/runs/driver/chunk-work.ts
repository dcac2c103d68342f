import { randomBytes } from "node:crypto";
import type { ObjectStore } from "../../storage/index.ts";
import { metrics, Telemetry } from "../../telemetry/index.ts";
import type { Logger } from "../../transport/index.ts";
import type { ChunkWithAttempt } from "../journal/chunk-record.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunKey } from "../journal/run-record.ts";
import { pause, type RunClock } from "../run-clock.ts";
import { errorData } from "../steps/index.ts";
import { HeldGauge } from "./chunk-telemetry.ts";
import { CollectTurns } from "./collect-turns.ts";
import { driveChunk } from "./drive-chunk.ts";
import type { DriverParts } from "./driver-parts.ts";
import { HeldChunk } from "./held-chunk.ts";
import { HeldChunks } from "./held-chunks.ts";
import { isProblem } from "./is-problem.ts";
import { keepLeases } from "./keep-leases.ts";
import { KeyedSlots } from "./keyed-slots.ts";
import { LiveResults } from "./live-results.ts";
import { Outage } from "./outage.ts";
import type { RecordSink } from "./record-sink.ts";
import type { RunContext } from "./run-context.ts";
import type { RunService } from "./run-service.ts";
import type { Stay } from "./stay.ts";
import { StorageWatch } from "./storage-watch.ts";
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
  /** Default: nobody is told. */
  readonly telemetry?: Telemetry | undefined;
  /** Takes the records of every chunk. Default: nobody does but readers of the results. */
  readonly sink?: RecordSink | undefined;
}

/** What whoever claims chunks is told of the work on them. */
export interface ChunkWorkEvents {
  /** How long chunks stay. */
  readonly stay: Stay;
  /** A step was written, or kept for later. */
  readonly onStep: (held: HeldChunk) => void;
  /** A chunk is not held any more. */
  readonly onLeft: (held: HeldChunk) => void;
  /** A run was ended by an error that would meet every chunk. */
  readonly onRunStopped: (run: RunKey) => void;
  /** Leases were renewed: runs may have changed. */
  readonly onRenewed: () => Promise<void>;
  /** The journal cannot be used; all chunks are lost. */
  readonly onFailed: (error: Error) => void;
}

/**
 * The work on the chunks that this process has claimed, wherever it knows of them from: each is taken step
 * by step as far as it stays, and its lease is kept. It never rejects: what goes wrong with the journal is
 * its `failure`, everything else is in the journal.
 */
export class ChunkWork {
  /** Who this is in the journal. */
  readonly id = `${process.pid}-${randomBytes(6).toString("hex")}`;
  readonly held = new HeldChunks();
  readonly settings: WorkerSettings;
  readonly parts: DriverParts;
  /** Tells whether output can be read. */
  readonly storage: StorageWatch;
  readonly #events: ChunkWorkEvents;
  /** Chunks that were let go because the journal failed. */
  readonly #abandoned = new Set<HeldChunk>();
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #failure: Error | undefined;
  /** Whether claims may be left in the journal that nothing here works on. */
  #mayHaveLeftClaims = false;

  constructor(parts: WorkerParts, events: ChunkWorkEvents, options: WorkerOptions = {}) {
    const { journal, clock, service, telemetry = new Telemetry() } = parts;
    const live = new LiveResults();
    this.#events = events;
    this.settings = resolveWorkerOptions(options);
    const { connectNoticeMs } = this.settings;
    this.storage = new StorageWatch(clock, connectNoticeMs);
    this.parts = {
      ...parts,
      store: this.storage.watch(parts.store),
      ...{ version: service.version, live, room: new WakeUp(), telemetry },
      held: new HeldGauge(telemetry),
      ...{ stay: events.stay, onStep: events.onStep, hurry: this.#hurry.signal },
      writer: new StepWriter(journal, clock),
      submitTurns: new KeyedSlots(events.stay.askingForRoom),
      outage: new Outage(parts),
      connectNoticeMs,
      collectTurns: new CollectTurns(live, this.settings.maxCollecting),
      onProblem: (held, error) => {
        if (isProblem(held, error)) this.#track(this.#stopRun(held.claim.run, error));
      },
    };
  }

  /** Why nothing is worked on any more, until it is forgotten. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Aborts when this is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** There is reason to think that the journal can be used again. */
  forgetFailure(): void {
    this.#failure = undefined;
  }

  /** Begins to work on a chunk that this has claimed; resolves when it is not held any more. */
  async begin(
    claimed: ChunkWithAttempt,
    { leaseUntilMs, context }: { readonly leaseUntilMs: number; readonly context: RunContext },
  ): Promise<HeldChunk> {
    const held = new HeldChunk(claimed, { worker: this.id, leaseUntilMs, context });
    const work = this.#drive(held);
    this.held.add(held, work);
    await work;
    return held;
  }

  /** Renewed along with all others, a claim that could not be given back would be held as long as this process lives. */
  async releaseLeft(): Promise<void> {
    if (!this.#mayHaveLeftClaims) return;
    await this.held.allDone();
    await this.parts.journal.release(this.id);
    this.#mayHaveLeftClaims = false;
  }

  /** Renews all leases until it is ended. */
  keepLeases(ended: AbortSignal): Promise<void> {
    const { journal, clock } = this.parts;
    const { leaseMs } = this.settings;
    const parts = { journal, clock, worker: this.id, leaseMs, held: this.held };
    const { onRenewed } = this.#events;
    const onError = (error: Error): void => {
      this.fail(error);
    };
    return keepLeases({ ...parts, onRenewed, onError }, ended);
  }

  /** Lets nothing new begin, finishes what is being sent and written, and gives all else back. */
  async stop(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(new Error("the runs were closed"));
    for (const held of this.held.of()) held.stop();
    const done = new AbortController();
    const late = pause(this.parts.clock, this.settings.closeTimeoutMs, done.signal).then(
      (isLate) => {
        if (isLate) this.#hurry.abort(new Error("the runs were closed"));
      },
    );
    await this.held.allDone();
    done.abort();
    await late;
  }

  /** Gives back what is left once everything has stopped. */
  async release(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#failure === undefined) await this.parts.journal.release(this.id);
  }

  /** The journal cannot be used: nothing is sent any more, for it could not be written. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#mayHaveLeftClaims = true;
    this.parts.logger.error({ error }, "the runs were stopped");
    this.parts.telemetry.add(metrics.journalFailures, 1, {});
    for (const held of this.held.of()) {
      held.lose();
      this.#abandoned.add(held);
    }
    this.#events.onFailed(error);
  }

  async #drive(held: HeldChunk): Promise<void> {
    const { held: gauge } = this.parts;
    try {
      gauge.move(held);
      if (this.#closing.signal.aborted) held.stop();
      await driveChunk(held, this.parts);
    } catch (error) {
      if (!held.lost.aborted) this.fail(error as Error);
      else this.parts.logger.warn({ error, ...held.claim }, "a lost chunk was left with an error");
    } finally {
      gauge.leave(held);
      // The claim itself may still be held, and nobody should have to wait for its lease.
      if (this.#abandoned.delete(held)) {
        await this.parts.journal.release(this.id, [held.claim]).catch(() => undefined);
      }
      this.#events.onLeft(held);
    }
  }

  /** Stops a run by an error that would meet every chunk. */
  async #stopRun(key: RunKey, problem: Error): Promise<void> {
    const { journal, clock, logger } = this.parts;
    const id = this.held.of(key)[0]?.context.run.id;
    logger.error({ run: id, error: problem }, "the run was stopped");
    try {
      const change = { from: ["running", "paused"], to: "failed" } as const;
      const error = errorData(problem);
      const failed = await journal.changeRun(key, { ...change, nowMs: clock.now(), error });
      if (failed === undefined) return;
      for (const held of this.held.of(key)) held.stop();
      this.#events.onRunStopped(key);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #track(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }
}
