import { RpcError } from "../errors/index.ts";
import { metrics } from "../telemetry/index.ts";
import { onAbort } from "../transport/abortable.ts";
import { serverDelayMs } from "../transport/backoff.ts";
import { isTransient } from "../transport/caller.ts";
import type { CallOptions } from "../transport/transport.ts";
import { EventQueue } from "./event-queue.ts";
import { OperationAge } from "./operation-age.ts";
import { toRunningEvent, toSettledEvent, type OperationEvent } from "./operation-events.ts";
import { kindOf, type OperationOrigin } from "./operation-origin.ts";
import type { OperationRuntime } from "./operation-runtime.ts";
import { toSnapshot, type OperationSnapshot, type SettledSnapshot } from "./operation-snapshot.ts";
import type { OperationCause } from "./operation-token.ts";
import type { PollHistory } from "./poll-schedule.ts";
import { readInTurn, readNow } from "./read-in-turn.ts";

/** What is known of an operation before it is read. */
export interface KnownOperation<Result = unknown, Metadata = unknown> extends OperationCause {
  readonly snapshot?: OperationSnapshot<Result, Metadata> | undefined;
  /** Whether it has begun just now. Default false. */
  readonly isNew?: boolean | undefined;
}

/** How the reads of a watch went. */
interface ReadHistory {
  readonly polls: number;
  readonly failures: number;
  /** What the server asked to wait (`google.rpc.RetryInfo`), as far as that is followed, in milliseconds. */
  readonly retryDelayMs: number;
}

/**
 * Reads one operation for any number of watchers: one loop while there is a watcher, none without.
 * A watcher that leaves disturbs no other; when the last one leaves, the read under way is cancelled
 * and the timer cleared.
 */
export class OperationPoller<Result, Metadata> {
  readonly name: string;
  readonly origin: OperationOrigin | undefined;
  readonly #runtime: OperationRuntime;
  readonly #watchers = new Set<EventQueue<Result, Metadata>>();
  readonly #age: OperationAge;
  #last: OperationSnapshot<Result, Metadata> | undefined;
  /** When the last answer came, by the clock of the turns. */
  #lastAt: number;
  /** The share of the first pause that was planned; 1 once it has passed. */
  #phase: number | undefined;
  #stop: AbortController | undefined;

  constructor(
    name: string,
    runtime: OperationRuntime,
    { snapshot, origin, isNew = false }: KnownOperation<Result, Metadata> = {},
  ) {
    this.name = name;
    this.origin = origin;
    this.#runtime = runtime;
    const { turns, wallNow } = runtime;
    this.#age = new OperationAge({ now: () => turns.now(), wallNow }, isNew);
    this.#last = snapshot;
    this.#lastAt = turns.now();
    if (snapshot?.state === "running") this.#age.seeRunning(snapshot.metadata);
  }

  /** The end of the operation, once it is known; it does not change any more. */
  get settled(): SettledSnapshot<Result, Metadata> | undefined {
    return this.#last === undefined || this.#last.state === "running" ? undefined : this.#last;
  }

  /** Exactly one read; the watchers are told of it. */
  async poll(options?: CallOptions): Promise<OperationSnapshot<Result, Metadata>> {
    const message = await readNow(this.#runtime, this.name, options);
    return this.#accept(await toSnapshot<Result, Metadata>(message));
  }

  /** The events from now on, beginning with what is known; ends after the last one, and with a signal's reason at once. */
  async *watch(
    signals: readonly AbortSignal[],
  ): AsyncGenerator<OperationEvent<Result, Metadata>, void, void> {
    for (const signal of signals) signal.throwIfAborted();
    const queue = new EventQueue<Result, Metadata>();
    const unlink = onAbort(signals, (reason) => {
      queue.abort(reason);
      this.#leave(queue);
    });
    this.#join(queue);
    try {
      for (;;) {
        const event = await queue.take();
        yield event;
        if (event.type !== "running" && event.type !== "pollError") return;
      }
    } finally {
      unlink();
      this.#leave(queue);
    }
  }

  /** The end is final: an answer that was overtaken by it changes nothing. */
  #accept(snapshot: OperationSnapshot<Result, Metadata>): OperationSnapshot<Result, Metadata> {
    const { settled } = this;
    if (settled !== undefined) return settled;
    const before = this.#last;
    this.#last = snapshot;
    this.#lastAt = this.#runtime.turns.now();
    if (snapshot.state === "running") {
      this.#age.seeRunning(snapshot.metadata);
      this.#broadcast(toRunningEvent(snapshot, before));
    } else {
      this.#learn(snapshot);
      this.#broadcast(toSettledEvent(snapshot));
      this.#watchers.clear();
      this.#stop?.abort();
    }
    return snapshot;
  }

  #join(queue: EventQueue<Result, Metadata>): void {
    const { settled } = this;
    if (settled !== undefined) {
      queue.push(toSettledEvent(settled));
      return;
    }
    if (this.#last?.state === "running") queue.push(toRunningEvent(this.#last, undefined));
    this.#watchers.add(queue);
    if (this.#stop === undefined) void this.#run();
  }

  #leave(queue: EventQueue<Result, Metadata>): void {
    const wasThere = this.#watchers.delete(queue);
    if (wasThere && this.#watchers.size === 0) this.#stop?.abort();
  }

  async #run(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    const { phases } = this.#runtime;
    const { phase, hasGrown } = phases.enter(this.origin, this);
    this.#phase ??= phase;
    if (hasGrown) this.#runtime.turns.replan();
    const unlink = onAbort([this.#runtime.closed], () => {
      stop.abort();
    });
    try {
      await this.#loop(stop.signal);
    } catch (error) {
      // A loop that was stopped has failed nobody.
      if (!stop.signal.aborted) for (const watcher of this.#watchers) watcher.fail(error);
    } finally {
      unlink();
      phases.leave(this.origin, this);
      this.#stop = undefined;
      // Who joined while the stopped loop unwound still wants one, and who watched while the client
      // was closed is told by the next read.
      if (stop.signal.aborted && this.#watchers.size > 0) void this.#run();
      else this.#watchers.clear();
    }
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const { turns, closed } = this.#runtime;
    let history: ReadHistory = { polls: 0, failures: 0, retryDelayMs: 0 };
    // An operation that nothing is known of is read at once.
    const isFresh = this.#last !== undefined && !closed.aborted;
    const startedAt = turns.now();
    let dueAt = isFresh ? this.#planAfter(this.#lastAt, history) : () => startedAt;
    for (let isFirst = !isFresh; ; isFirst = false) {
      history = await this.#readWhen(dueAt, history, signal);
      if (this.settled !== undefined) return;
      if (!isFirst) this.#phase = 1;
      const now = turns.now();
      // A wait that was answered too soon does not bring the next read forward.
      const plannedAt = Math.max(dueAt(), now);
      dueAt = this.#planAfter(history.failures === 0 ? plannedAt : now, history, plannedAt);
    }
  }

  async #readWhen(
    dueAt: () => number,
    { polls, failures }: ReadHistory,
    signal: AbortSignal,
  ): Promise<ReadHistory> {
    try {
      const plan = { name: this.name, dueAt, mayWait: failures === 0 };
      const message = await readInTurn(this.#runtime, plan, signal);
      if (message !== undefined) this.#accept(await toSnapshot(message));
      return { polls: polls + 1, failures: 0, retryDelayMs: 0 };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#report(error, failures + 1);
      return { polls, failures: failures + 1, retryDelayMs: serverDelayMs(error) };
    }
  }

  /** Tells when the read after one at `readAt` is due, which may change as more is learned; never before `leastAt`. */
  #planAfter(readAt: number, { polls, failures, retryDelayMs }: ReadHistory, leastAt = readAt) {
    const { plan, turns, random, phases } = this.#runtime;
    const first = this.#phase ?? 1;
    const history: Omit<PollHistory, "phase"> = {
      ...{ origin: this.origin, ageMs: this.#age.at(readAt), polls, failures },
      ...{ others: turns.waiting, chance: random() },
    };
    return () => {
      // Siblings may have come since.
      const phase = Math.min(first, phases.shareOf(this.origin, this));
      return Math.max(leastAt, readAt + Math.max(plan({ ...history, phase }), retryDelayMs));
    };
  }

  #learn({ state, metadata }: SettledSnapshot<Result, Metadata>): void {
    const durationMs = this.#age.durationMs(metadata);
    if (durationMs === undefined) return;
    const { durations, turns, telemetry } = this.#runtime;
    telemetry.record(metrics.operationDuration, durationMs / 1000, {
      "vision_batch.operation.kind": kindOf(this.origin),
      "vision_batch.operation.state": state,
    });
    // When somebody cancels says nothing about the others.
    if (state !== "cancelled" && durations.learn(this.origin, durationMs)) turns.replan();
  }

  /** Tells the watchers of a failed read; throws it where it is permanent. */
  #report(error: RpcError, failures: number): void {
    // A token may have expired between its check and the read: the next read brings a new one.
    const refreshable = error.code === "UNAUTHENTICATED" && failures === 1;
    const continues = isTransient(error.code) || refreshable;
    const { logger } = this.#runtime;
    logger.debug({ operation: this.name, code: error.code, continues }, "an operation read failed");
    this.#broadcast({ type: "pollError", error, continues });
    if (!continues) throw error;
  }

  #broadcast(event: OperationEvent<Result, Metadata>): void {
    for (const watcher of this.#watchers) watcher.push(event);
  }
}
