import { RpcError } from "../errors/index.ts";
import { isTransient } from "../transport/caller.ts";
import type { Clock } from "../transport/clock.ts";
import type { Logger } from "../transport/logger.ts";
import type { CallOptions } from "../transport/transport.ts";
import { EventQueue } from "./event-queue.ts";
import { toRunningEvent, toSettledEvent, type OperationEvent } from "./operation-events.ts";
import {
  toSnapshot,
  type OperationMessage,
  type OperationSnapshot,
  type SettledSnapshot,
} from "./operation-snapshot.ts";
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

  /** Exactly one read. */
  async poll(options?: CallOptions): Promise<OperationSnapshot<Result, Metadata>> {
    const message: OperationMessage = await this.#runtime.api.get(this.name, options);
    const snapshot = await toSnapshot<Result, Metadata>(message);
    this.#lastAt = this.#runtime.clock.now();
    // The end is final: an answer that was overtaken by it changes nothing.
    if (this.settled === undefined) this.#last = snapshot;
    return snapshot;
  }

  /** The events from now on, beginning with what is known; ends after the last one. */
  async *watch(signal?: AbortSignal): AsyncGenerator<OperationEvent<Result, Metadata>, void, void> {
    signal?.throwIfAborted();
    const queue = new EventQueue<Result, Metadata>();
    this.#join(queue);
    try {
      for (;;) {
        const event = await queue.take(signal);
        yield event;
        if (event.type !== "running" && event.type !== "pollError") return;
      }
    } finally {
      this.#leave(queue);
    }
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
    this.#watchers.delete(queue);
    if (this.#watchers.size === 0) this.#stop?.abort();
  }

  async #run(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    try {
      await this.#loop(stop.signal);
    } catch (error) {
      // Without a watcher the loop was stopped, and there is nobody to tell.
      if (!stop.signal.aborted) for (const watcher of this.#watchers) watcher.fail(error);
    } finally {
      if (this.#stop === stop) this.#stop = undefined;
      // Who joined while the stopped loop unwound still wants one.
      if (stop.signal.aborted && this.#watchers.size > 0 && this.settled === undefined)
        void this.#run();
      else this.#watchers.clear();
    }
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const history = { polls: 0, failures: 0, retryDelayMs: 0 };
    // An operation that nothing is known of is read at once; an answer that is old counts as a part of the pause.
    const age = this.#runtime.clock.now() - this.#lastAt;
    if (this.#last !== undefined) await this.#pause(history, signal, age);
    for (;;) {
      const before = this.#last;
      const outcome = await this.#read(signal);
      if (outcome instanceof RpcError) {
        history.failures += 1;
        history.retryDelayMs = outcome.retryDelayMs ?? 0;
        this.#report(outcome, history.failures);
      } else {
        history.polls += 1;
        history.failures = 0;
        history.retryDelayMs = 0;
        if (outcome.state !== "running") {
          this.#broadcast(toSettledEvent(outcome));
          return;
        }
        this.#broadcast(toRunningEvent(outcome, before));
      }
      await this.#pause(history, signal);
    }
  }

  async #read(signal: AbortSignal): Promise<OperationSnapshot<Result, Metadata> | RpcError> {
    try {
      return await this.poll({ signal });
    } catch (error) {
      if (error instanceof RpcError) return error;
      throw error;
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
