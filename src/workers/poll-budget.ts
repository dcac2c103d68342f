import type { PollLoad } from "../runs/journal/postgres/poll-store.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import { pause, type RunClock } from "../runs/run-clock.ts";
import type { Logger } from "../transport/index.ts";

/** What the reads of all workers are kept within a budget by. */
export interface PollBudgetParts {
  readonly journal: Pick<PostgresJournal, "readPollLoad" | "holdPolls">;
  readonly clock: RunClock;
  readonly logger: Logger;
  /** Reads of operations a minute that all workers make together. */
  readonly perMinute: () => number;
}

/** So long a worker goes by what it knows of all of them. */
const knownMs = 5000;
/** After RESOURCE_EXHAUSTED nobody reads for so long, unless the service asks for more. */
const holdMs = 15_000;
const minuteMs = 60_000;

/**
 * The reads of operations that all workers of a journal make: the more operations there are, the longer is
 * the pause before each is read again; and nobody reads for a while after one was told that it was too much.
 */
export class PollBudget {
  readonly #parts: PollBudgetParts;
  #load: PollLoad = { running: 0, heldUntilMs: 0 };
  #knownUntilMs = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(parts: PollBudgetParts) {
    this.#parts = parts;
  }

  /** A pause before an operation is read again, as long as the budget asks for. */
  stretch(pauseMs: number): number {
    return Math.max(pauseMs, (this.#load.running * minuteMs) / this.#parts.perMinute());
  }

  /** Waits until operations may be read; false where the signal aborts first. @throws JournalError */
  async enter(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts;
    for (;;) {
      const nowMs = clock.now();
      if (signal.aborted) return false;
      if (nowMs >= this.#knownUntilMs) await (this.#reading ??= this.#read());
      const waitMs = this.#load.heldUntilMs - clock.now();
      if (waitMs <= 0) return true;
      await pause(clock, Math.min(waitMs, knownMs), signal);
    }
  }

  /** A read was refused since there are too many: nobody reads for a while. */
  exhausted(delayMs: number): void {
    const { journal, clock, logger } = this.#parts;
    const nowMs = clock.now();
    // Reads that were under way at the same time are one reason to wait.
    if (this.#load.heldUntilMs > nowMs) return;
    const heldUntilMs = nowMs + Math.max(holdMs, delayMs);
    this.#load = { ...this.#load, heldUntilMs };
    logger.warn(
      { heldMs: heldUntilMs - nowMs },
      "operations are read too often; all workers pause",
    );
    journal.holdPolls(heldUntilMs).catch((error: unknown) => {
      logger.warn({ error }, "other workers could not be told to pause");
    });
  }

  async #read(): Promise<void> {
    const { journal, clock } = this.#parts;
    try {
      const { running, heldUntilMs } = await journal.readPollLoad();
      this.#load = { running, heldUntilMs: Math.max(heldUntilMs, this.#load.heldUntilMs) };
      this.#knownUntilMs = clock.now() + knownMs;
    } finally {
      this.#reading = undefined;
    }
  }
}
