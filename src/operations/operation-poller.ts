import { RpcError } from "../errors/index.ts";
import { onAbort } from "../transport/abortable.ts";
import { isTransient } from "../transport/caller.ts";
import type { Clock } from "../transport/clock.ts";
import type { Logger } from "../transport/logger.ts";
import type { CallOptions } from "../transport/transport.ts";
import { EventQueue } from "./event-queue.ts";
import { toRunningEvent, toSettledEvent, type OperationEvent } from "./operation-events.ts";
import { toSnapshot, type OperationSnapshot, type SettledSnapshot } from "./operation-snapshot.ts";
import type { OperationsApi } from "./operations-api.ts";
import { nextPollDelayMs, type PollHistory, type PollSchedule } from "./poll-schedule.ts";

/** What watching needs from outside. */
export interface OperationRuntime {
  readonly api: OperationsApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly schedule: PollSchedule;
  readonly logger: Logger;
  /** The host that the operations are at. */
  readonly host: string;
  /** Aborts when the client is closed: no read is answered from then on. */
  readonly closed: AbortSignal;
}

/**
 * Reads one operation for any number of watchers: one loop while there is a watcher, none without.
 * A watcher that leaves disturbs no other; when the last one leaves, the read under way is cancelled
 * and the timer cleared.
 */
export class OperationPoller<Result, Metadata> {
  readonly name: string;
  readonly #runtime: OperationRuntime;
  readonly #watchers = new Set<EventQueue<Result, Metadata>>();
  #last: OperationSnapshot<Result, Metadata> | undefined;
  /** When the last answer came, by the clock. */
  #lastAt: number;
  #stop: AbortController | undefined;

  constructor(
    name: string,
    runtime: OperationRuntime,
    known?: OperationSnapshot<Result, Metadata>,
  ) {
    this.name = name;
    this.#runtime = runtime;
    this.#last = known;
    this.#lastAt = runtime.clock.now();
  }

  /** The end of the operation, once it is known; it does not change any more. */
  get settled(): SettledSnapshot<Result, Metadata> | undefined {
    return this.#last === undefined || this.#last.state === "running" ? undefined : this.#last;
  }

  /** Exactly one read; the watchers are told of it. */
  async poll(options?: CallOptions): Promise<OperationSnapshot<Result, Metadata>> {
    const message = await this.#runtime.api.get(this.name, options);
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
    this.#lastAt = this.#runtime.clock.now();
    if (snapshot.state === "running") {
      this.#broadcast(toRunningEvent(snapshot, before));
    } else {
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
      this.#stop = undefined;
      // Who joined while the stopped loop unwound still wants one, and who watched while the client
      // was closed is told by the next read.
      if (stop.signal.aborted && this.#watchers.size > 0) void this.#run();
      else this.#watchers.clear();
    }
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const { clock, closed } = this.#runtime;
    const history = { polls: 0, failures: 0, retryDelayMs: 0 };
    // An operation that nothing is known of is read at once; an answer that is old counts as a part of the pause.
    const isFresh = this.#last !== undefined && !closed.aborted;
    if (isFresh) await this.#pause(history, signal, clock.now() - this.#lastAt);
    for (;;) {
      try {
        await this.poll({ signal });
        history.polls += 1;
        history.failures = 0;
        history.retryDelayMs = 0;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        history.failures += 1;
        history.retryDelayMs = error.retryDelayMs ?? 0;
        this.#report(error, history.failures);
      }
      if (this.settled !== undefined) return;
      await this.#pause(history, signal);
    }
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

  async #pause(history: PollHistory, signal: AbortSignal, passedMs = 0): Promise<void> {
    const { clock, schedule, random } = this.#runtime;
    const delayMs = nextPollDelayMs(schedule, history, random) - passedMs;
    if (delayMs > 0) await clock.sleep(delayMs, signal);
  }
}
