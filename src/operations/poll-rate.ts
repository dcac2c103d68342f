const minuteMs = 60_000;
/** What a slowed rate comes down to at least: a hundredth of the budget, and a poll every 10 s, which exhausts no service. */
const floor = { share: 0.01, perMinute: 6 } as const;
/** From nothing back to the whole budget. */
const recoveryMinutes = 10;
/** The share of a minute's budget that may be spent at once: when one of many siblings is seen to be done, all are to be read. */
const burstShare = 0.05;

/**
 * How many polls may be made: a budget a minute, a twentieth of which may be spent at once. Like the
 * congestion control of TCP it falls to half of what was really spent when the service is exhausted, and
 * grows back by the same amount each minute.
 */
export class PollRate {
  readonly #burst: number;
  /** Polls a minute at most; with a burst on top they make the budget. */
  readonly #limit: number;
  readonly #floor: number;
  #rate: number;
  #tokens: number;
  #at: number;
  /** About the polls of the last minute. */
  #spent = 0;
  #notBefore = -Infinity;
  #slowedAt = -Infinity;

  constructor(pollsPerMinute: number, now: number) {
    this.#burst = Math.max(1, burstShare * pollsPerMinute);
    this.#limit = Math.max(pollsPerMinute - this.#burst, pollsPerMinute / 2);
    this.#floor = Math.min(this.#limit, Math.max(floor.perMinute, floor.share * pollsPerMinute));
    this.#rate = this.#limit;
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** The polls a minute that are allowed at present. */
  get perMinute(): number {
    return this.#rate;
  }

  /** When the next poll is allowed, from now on. */
  availableAt(now: number): number {
    this.#advance(now);
    // Less than a rounding error is nothing to wait for.
    const missing = this.#tokens > 1 - 1e-6 ? 0 : 1 - this.#tokens;
    return Math.max(this.#notBefore, now + (missing * minuteMs) / this.#rate);
  }

  /** A poll is made. */
  spend(now: number): void {
    this.#advance(now);
    this.#tokens -= 1;
    this.#spent += 1;
  }

  /** A poll that was allowed is not made. */
  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1);
    this.#spent = Math.max(0, this.#spent - 1);
  }

  /**
   * The service is exhausted, as it said to a poll that began at `startedAt`; polls that were under way
   * together tell it once. None is allowed before what it asked to wait has passed.
   */
  slow(now: number, startedAt: number, retryDelayMs: number): void {
    this.#advance(now);
    this.#notBefore = Math.max(this.#notBefore, now + retryDelayMs);
    if (startedAt < this.#slowedAt) return;
    this.#slowedAt = now;
    this.#rate = Math.max(this.#floor, Math.min(this.#rate, this.#spent) / 2);
    // What the service asked to wait is enough for the one poll that then tries how it is.
    const grown = (this.#rate * retryDelayMs) / minuteMs;
    this.#tokens = Math.min(this.#tokens, retryDelayMs > 0 ? 1 - grown : 0);
  }

  #advance(now: number): void {
    const minutes = Math.max(0, now - this.#at) / minuteMs;
    this.#at = Math.max(this.#at, now);
    this.#tokens = Math.min(this.#burst, this.#tokens + this.#rate * minutes);
    this.#rate = Math.min(this.#limit, this.#rate + (this.#limit * minutes) / recoveryMinutes);
    this.#spent *= Math.exp(-minutes);
  }
}
