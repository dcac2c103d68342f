import { JournalError, type JournalErrorReason } from "../../errors/index.ts";
import type { ChunkRef } from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunClock } from "../run-clock.ts";

interface Pending {
  readonly step: ChunkStep;
  readonly settle: (held: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** How often and at what intervals a write is tried that would lose the name of an operation. */
const retries = { times: 10, pauseMs: 1000 } as const;
/** What may pass while it is waited for. */
const passing: readonly JournalErrorReason[] = ["locked", "full", "unavailable"];

/** Writes steps of many chunks together: what comes while a write is made goes with the next one. */
export class StepWriter {
  readonly #journal: Journal;
  readonly #clock: RunClock;
  #pending: Pending[] = [];
  /** Steps that may be written late or never, the last one of each chunk. */
  readonly #minor = new Map<string, ChunkStep>();
  #writing: Promise<void> | undefined;

  constructor(journal: Journal, clock: RunClock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Writes a step; false where its claim is lost. @throws JournalError */
  write(step: ChunkStep): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#minor.delete(keyOf(step.claim));
    this.#pending.push({ step, settle: resolve, fail: reject });
    this.#writing ??= this.#writeAll();
    return promise;
  }

  /** Writes a step along with the next one of any chunk; a later step of its chunk takes its place. */
  writeLater(step: ChunkStep): void {
    this.#minor.set(keyOf(step.claim), step);
  }

  /** A chunk is not held any more. */
  forget(chunk: ChunkRef): void {
    this.#minor.delete(keyOf(chunk));
  }

  async #writeAll(): Promise<void> {
    // What is ready in the same turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      const minor = [...this.#minor.values()];
      this.#minor.clear();
      await this.#writeBatch(batch, minor);
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Pending[], minor: readonly ChunkStep[]): Promise<void> {
    try {
      const steps = [...batch.map(({ step }) => step), ...minor];
      const held = await this.#advance(steps);
      for (const [index, { settle }] of batch.entries()) settle(held[index] === true);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  async #advance(steps: readonly ChunkStep[]): Promise<readonly boolean[]> {
    const isPrecious = steps.some(({ attempt }) => attempt?.operation !== undefined);
    for (let retry = 0; ; retry++) {
      try {
        return await this.#journal.advance(steps);
      } catch (error) {
        const mayPass = error instanceof JournalError && passing.includes(error.reason);
        if (!isPrecious || !mayPass || retry >= retries.times) throw error;
        await this.#clock.sleep(retries.pauseMs);
      }
    }
  }
}

function keyOf({ run, number }: ChunkRef): string {
  return `${run}/${number}`;
}
