import type { Clock } from "../transport/clock.ts";

/**
 * Time that only grows, on a clock that may have been set: one that steps back stands still until it
 * goes on, and what was slept has passed whatever the clock says.
 */
export class SteadyTime {
  readonly #clock: Clock;
  #read: number;
  #now: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#read = clock.now();
    this.#now = this.#read;
  }

  /** Milliseconds that only grow. */
  now(): number {
    const read = this.#clock.now();
    this.#now += Math.max(0, read - this.#read);
    this.#read = read;
    return this.#now;
  }

  /** As {@link Clock.sleep}. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const end = this.now() + ms;
    await this.#clock.sleep(ms, signal);
    this.#now = Math.max(this.now(), end);
  }
}
