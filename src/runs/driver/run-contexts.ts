import type { Journal } from "../journal/journal.ts";
import type { RunKey, RunRecord } from "../journal/run-record.ts";
import type { RunClock } from "../run-clock.ts";
import type { HeldChunks } from "./held-chunks.ts";
import { toRunContext, type RunContext } from "./run-context.ts";

/** What runs are known from and told to. */
export interface RunContextsParts {
  readonly journal: Journal;
  readonly clock: RunClock;
  readonly held: HeldChunks;
  /** A run is not worked on any more. */
  readonly onLeft: () => void;
}

const openStates: readonly RunRecord["state"][] = ["running", "paused", "cancelling"];

/** The runs that this process works on, as it last read them. */
export class RunContexts {
  readonly #parts: RunContextsParts;
  readonly #contexts = new Map<RunKey, RunContext>();

  constructor(parts: RunContextsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#contexts.size;
  }

  keys(): readonly RunKey[] {
    return [...this.#contexts.keys()];
  }

  get(run: RunKey): RunContext | undefined {
    return this.#contexts.get(run);
  }

  /** A run is worked on from now on, or has changed; the chunks that are held of it are told. */
  update(run: RunRecord): void {
    const context = toRunContext(run);
    this.#contexts.set(run.key, context);
    for (const held of this.#parts.held.of(run.key)) held.noticeContext(context);
  }

  /** A run is not worked on any more. */
  leave(run: RunKey): void {
    if (this.#contexts.delete(run)) this.#parts.onLeft();
  }

  /** No run is worked on any more. */
  leaveAll(): void {
    for (const run of this.keys()) this.leave(run);
  }

  /** Ends runs whose chunks have all ended, and leaves those that are over, whoever ended them. */
  async settle(): Promise<void> {
    const { journal, clock, held } = this.#parts;
    for (const [key, context] of [...this.#contexts]) {
      if (held.of(key).length > 0) continue;
      const run = await journal.settleRun(key, clock.now());
      // Whoever let it run again meanwhile knows more.
      if (this.#contexts.get(key) !== context) continue;
      if (run !== undefined && openStates.includes(run.state)) {
        this.#contexts.set(key, toRunContext(run));
      } else {
        this.leave(key);
      }
    }
  }

  /** Takes up what other processes have changed of the runs. */
  async refresh(): Promise<void> {
    for (const [key, context] of [...this.#contexts]) {
      const run = await this.#parts.journal.readRun(key);
      if (run !== undefined && this.#contexts.get(key) === context) this.update(run);
    }
  }
}
