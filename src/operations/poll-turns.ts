import { onAbort } from "../transport/abortable.ts";
import type { Clock } from "../transport/clock.ts";
import { PollRate } from "./poll-rate.ts";
import { SteadyTime } from "./steady-time.ts";
import { TurnQueue, type Turn } from "./turn-queue.ts";

/** One who waits for a turn to read. */
interface ReadTurn extends Turn {
  /** When the read is due by what is known now. */
  readonly plan: () => number;
}

/**
 * Polls a minute of one client, unless told otherwise: a third of what the service allows a project in
 * all (1,800 requests a minute), since submits and other processes need their share.
 */
export const defaultPollsPerMinute = 600;

/** An emulator has no quota; this keeps thousands of operations from taking the whole processor. */
export const emulatorPollsPerMinute = 30_000;

/**
 * Whose turn it is to read its operation, for all operations of a client: by due time, so that each is
 * read before another is read again, within one budget. One timer serves them all, and there is none
 * while nobody waits.
 */
export class PollTurns {
  readonly #time: SteadyTime;
  readonly #rate: PollRate;
  readonly #queue = new TurnQueue<ReadTurn>();
  #sequence = 0;
  #timer: { readonly until: number; readonly stop: AbortController } | undefined;

  constructor(clock: Clock, pollsPerMinute: number) {
    this.#time = new SteadyTime(clock);
    this.#rate = new PollRate(pollsPerMinute, this.#time.now());
  }

  /** How many wait for a turn. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** The polls a minute that are allowed at present. */
  get perMinute(): number {
    return this.#rate.perMinute;
  }

  /** Milliseconds that only grow, whatever the clock does. */
  now(): number {
    return this.#time.now();
  }

  /**
   * Resolves when a read may be made that is due at the time which `plan` tells, asked again at every
   * {@link PollTurns.replan}; rejects with the signal's reason.
   */
  async take(plan: () => number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject: fail } = Promise.withResolvers<undefined>();
    const grant = (): void => {
      resolve(undefined);
    };
    this.#sequence += 1;
    const turn: ReadTurn = { plan, dueAt: plan(), sequence: this.#sequence, grant, fail };
    const unlink = onAbort([signal], (reason) => {
      this.#queue.remove(turn);
      fail(reason);
      this.#plan();
    });
    this.#queue.add(turn);
    this.#plan();
    try {
      await promise;
    } finally {
      unlink();
    }
  }

  /**
   * Something was learned that changes when reads are due. One that should have been made before now is due
   * now, so that it overtakes nobody who waits for the budget already.
   */
  replan(): void {
    const now = this.now();
    this.#queue.reorder(({ plan, dueAt }) => Math.max(plan(), Math.min(dueAt, now)));
    this.#plan();
  }

  /** Gives up a turn that was had and not used. */
  giveBack(): void {
    this.#rate.giveBack();
    this.#plan();
  }

  /** A read is made out of turn, as somebody asked for it: it counts, and does not wait. */
  spend(): void {
    this.#rate.spend(this.now());
  }

  /** A read that began at `startedAt` was told that the service is exhausted: everyone goes slower. */
  slow(startedAt: number, retryDelayMs = 0): void {
    this.#rate.slow(this.now(), startedAt, retryDelayMs);
  }

  /** Grants what is due and sets the timer for what is not. */
  #plan(): void {
    const now = this.now();
    for (;;) {
      const { first } = this.#queue;
      if (first === undefined) {
        this.#sleepUntil(undefined);
        return;
      }
      const at = Math.max(first.dueAt, this.#rate.availableAt(now));
      if (at > now) {
        this.#sleepUntil(at);
        return;
      }
      this.#queue.remove(first);
      this.#rate.spend(now);
      first.grant();
    }
  }

  /** A timer that ends too early is kept: at its end all is looked at again. */
  #sleepUntil(at: number | undefined): void {
    if (at !== undefined && this.#timer !== undefined && this.#timer.until <= at) return;
    this.#timer?.stop.abort();
    this.#timer = undefined;
    if (at === undefined) return;
    const stop = new AbortController();
    this.#timer = { until: at, stop };
    this.#time.sleep(Math.max(0, at - this.now()), stop.signal).then(
      () => {
        this.#wake(stop);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) this.#fail(error);
      },
    );
  }

  #wake(stop: AbortController): void {
    if (this.#timer?.stop !== stop) return;
    this.#timer = undefined;
    this.#plan();
  }

  /** A clock that cannot sleep must not leave anyone waiting for ever. */
  #fail(error: unknown): void {
    this.#timer = undefined;
    for (let { first } = this.#queue; first !== undefined; { first } = this.#queue) {
      this.#queue.remove(first);
      first.fail(error);
    }
  }
}
