import type { Run } from "../runs/index.ts";
import type { Progress } from "./render/progress.ts";
import { describeEvent, notableEvents } from "./render/run-events.ts";

/** Notes of one kind that are told one by one; more of them would hide everything else. */
const toldOfEach = 5;

/** Tells of what happens to a run and must not be missed. */
export class RunNotes {
  readonly #run: Run;
  readonly #progress: Progress;
  readonly #show: string;
  readonly #sinceMs: number;
  readonly #told = new Map<string, number>();
  #after: number | undefined;

  /** @param options since when, in milliseconds since 1970, and the command that shows all of it. */
  constructor(
    run: Run,
    progress: Progress,
    options: { readonly sinceMs: number; readonly show: string },
  ) {
    this.#run = run;
    this.#progress = progress;
    this.#sinceMs = options.sinceMs;
    this.#show = options.show;
  }

  /** Tells of what has happened since the last time. */
  async tell(): Promise<void> {
    const sinceMs = this.#sinceMs;
    for await (const event of this.#run.events({ sinceMs, after: this.#after })) {
      this.#after = event.id;
      const { type, chunk } = event;
      if (!notableEvents.has(type) || chunk === undefined) continue;
      const count = (this.#told.get(type) ?? 0) + 1;
      this.#told.set(type, count);
      if (count > toldOfEach) continue;
      this.#progress.note(`chunk ${chunk}: ${describeEvent(event)}`);
      if (count === toldOfEach) this.#progress.note(`more of this: ${this.#show}`);
    }
  }
}
