import { sleep, type EmulatorClock } from "./emulator-clock.ts";

/**
 * Gives work its time, so much a piece, counted from the start of the first: what is done between the
 * pieces, e.g. writing a shard, takes none of its own as long as it is faster than the next of them.
 */
export class Pace {
  readonly #clock: EmulatorClock;
  readonly #pieceMs: number;
  #dueAtMs: number;

  constructor(clock: EmulatorClock, pieceMs: number) {
    this.#clock = clock;
    this.#pieceMs = pieceMs;
    this.#dueAtMs = clock.now();
  }

  /** Resolves when so many more pieces have had their time; rejects with the signal's reason. */
  async take(pieces: number, signal: AbortSignal): Promise<void> {
    const shareMs = pieces * this.#pieceMs;
    this.#dueAtMs += shareMs;
    // A clock that was set back makes nobody wait for longer than the pieces take.
    await sleep(this.#clock, Math.min(shareMs, this.#dueAtMs - this.#clock.now()), signal);
  }
}
