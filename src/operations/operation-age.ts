import { timesOf } from "./operation-times.ts";

/** What an age is reckoned from. */
export interface AgeClocks {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Milliseconds since 1970, by a clock that may be wrong or set. */
  readonly wallNow: () => number;
}

/** How old an operation is, and how long it took in the end. */
export class OperationAge {
  readonly #clocks: AgeClocks;
  readonly #isNew: boolean;
  #bornAt: number | undefined;
  #runningAt: number | undefined;

  /** `isNew` where the operation began just now. */
  constructor(clocks: AgeClocks, isNew: boolean) {
    this.#clocks = clocks;
    this.#isNew = isNew;
    if (isNew) this.#bornAt = clocks.now();
  }

  /** The age at a time, in milliseconds; 0 while nothing is known. */
  at(now: number): number {
    return Math.max(0, now - (this.#bornAt ?? now));
  }

  /** The operation was seen to go on. */
  seeRunning(metadata: unknown): void {
    const now = this.#clocks.now();
    this.#runningAt = now;
    this.#bornAt ??= now - this.#reportedAge(metadata);
  }

  /**
   * How long an operation took that was just seen to be done; undefined where nobody can tell. The service
   * says it best, but what was seen from here bounds it: an update may come after the end.
   */
  durationMs(metadata: unknown): number | undefined {
    const { createdMs, updatedMs } = timesOf(metadata);
    const reported =
      createdMs === undefined || updatedMs === undefined ? undefined : updatedMs - createdMs;
    if (!this.#isNew || this.#bornAt === undefined) return reported;
    const seenDone = this.#clocks.now() - this.#bornAt;
    const seenRunning = (this.#runningAt ?? this.#bornAt) - this.#bornAt;
    if (reported === undefined) return (seenRunning + seenDone) / 2;
    return Math.min(seenDone, Math.max(seenRunning, reported));
  }

  /** The service's own times cannot be wrong against each other; the clock here can. */
  #reportedAge(metadata: unknown): number {
    const { createdMs, updatedMs } = timesOf(metadata);
    if (createdMs === undefined) return 0;
    return Math.max(0, this.#clocks.wallNow() - createdMs, (updatedMs ?? createdMs) - createdMs);
  }
}
