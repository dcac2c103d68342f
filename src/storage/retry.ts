import { setTimeout as sleep } from "node:timers/promises";

import { HttpStatusError, isTransient } from "./cloud-storage-errors.ts";
import type { StorageRetryOptions } from "./cloud-storage-options.ts";

/** Counts failed attempts and waits between them. */
export class Retry {
  readonly #maxAttempts: number;
  readonly #initialDelayMs: number;
  readonly #maxDelayMs: number;
  #failures = 0;

  constructor(options: StorageRetryOptions = {}) {
    this.#maxAttempts = options.maxAttempts ?? 6;
    this.#initialDelayMs = options.initialDelayMs ?? 500;
    this.#maxDelayMs = options.maxDelayMs ?? 30_000;
  }

  /** Forgets the failures so far, since there was progress. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits before another attempt; throws the error where it is not transient or was the last straw. */
  async afterFailure(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    this.#failures += 1;
    if (!isTransient(error) || this.#failures >= this.#maxAttempts) throw error;
    const upTo = Math.min(this.#maxDelayMs, this.#initialDelayMs * 2 ** (this.#failures - 1));
    const asked = error instanceof HttpStatusError ? error.retryAfterMs : 0;
    // All who failed together would else come back together.
    const delayMs = Math.max(upTo * (0.5 + Math.random() / 2), Math.min(asked, this.#maxDelayMs));
    try {
      await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      signal?.throwIfAborted();
    }
  }
}
