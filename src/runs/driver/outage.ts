import { backoffMs, type Backoff } from "../../transport/backoff.ts";
import type { Logger } from "../../transport/index.ts";
import type { RunClock } from "../run-clock.ts";
import { WakeUp } from "./wake-up.ts";

/** Between two tries to reach the service: when it is back, nobody waits longer than this. */
const pauses: Backoff = { initialMs: 2000, multiplier: 2, maxMs: 60_000, jitter: 0.25 };

/**
 * Whether anything reaches the service from this process. While nothing does, one submit at a time tries,
 * after growing pauses and however long that takes; all others wait and write nothing.
 */
export class Outage {
  readonly #clock: RunClock;
  readonly #logger: Logger;
  readonly #changes = new WakeUp();
  #error: Error | undefined;
  #failures = 0;
  #untilMs = 0;

  constructor({ clock, logger }: { readonly clock: RunClock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Why nothing reaches the service; undefined where something may. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Whether nobody may try to reach it yet. */
  get isPausing(): boolean {
    return this.#error !== undefined && this.#clock.now() < this.#untilMs;
  }

  /** A submit could not leave. */
  failed(error: Error): void {
    if (this.#error === undefined) {
      this.#logger.warn(
        { error },
        "nothing reaches the service: submits wait until something does",
      );
    }
    this.#error = error;
    this.#failures++;
    this.#holdBack();
  }

  /** The service has answered. */
  ended(): void {
    if (this.#error === undefined) return;
    this.#logger.info({ error: this.#error }, "the service is reached again");
    this.#error = undefined;
    this.#failures = 0;
    this.#changes.wake();
  }

  /** Ends the pause that is being made: somebody has reason to think that it is over. */
  retryNow(): void {
    this.#untilMs = 0;
    this.#changes.wake();
  }

  /** Waits until a submit may be tried, which then is the only one until the next pause is over; or until the signal aborts. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.#error !== undefined && !signal.aborted) {
      const seen = this.#changes.changes;
      const ms = this.#untilMs - this.#clock.now();
      if (ms <= 0) {
        this.#holdBack();
        return;
      }
      await this.#changes.after(seen, { clock: this.#clock, ms, signal });
    }
  }

  #holdBack(): void {
    const ms = backoffMs(pauses, Math.max(0, this.#failures - 1), Math.random);
    this.#untilMs = this.#clock.now() + ms;
  }
}
