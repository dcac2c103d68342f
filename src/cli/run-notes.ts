import { describeEvent, notableEvents } from "../runs/describe-event.ts";
import type { EventRecord, Run } from "../runs/index.ts";
import type { Progress } from "./render/progress.ts";

/** Notes of one kind that are told one by one; more of them would hide everything else. */
const toldOfEach = 5;

/** Tells of what happens to a run and must not be missed. */
export class RunNotes {
  readonly #run: Pick<Run, "events">;
  readonly #progress: Progress;
  readonly #show: string;
  readonly #sinceMs: number;
  readonly #told = new Map<string, number>();
  #after: number | undefined;
  #isReached = true;

  /** @param options since when, in milliseconds since 1970, and the command that shows all of it. */
  constructor(
    run: Pick<Run, "events">,
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
      this.#tellReached(event);
      if (notableEvents.has(event.type)) this.#tellOfChunk(event);
    }
  }

  /** Told once of all chunks: what keeps one from being sent keeps every one. */
  #tellReached(event: EventRecord): void {
    const { type } = event;
    if (type === "unreachable" && this.#isReached) {
      this.#isReached = false;
      this.#progress.note(describeEvent(event));
    } else if ((type === "reachable" || type === "accepted") && !this.#isReached) {
      this.#isReached = true;
      this.#progress.note(describeEvent({ type: "reachable" }));
    }
  }

  #tellOfChunk(event: EventRecord): void {
    const { type, chunk } = event;
    if (chunk === undefined) return;
    const count = (this.#told.get(type) ?? 0) + 1;
    this.#told.set(type, count);
    if (count > toldOfEach) return;
    this.#progress.note(`chunk ${chunk}: ${describeEvent(event)}`);
    if (count === toldOfEach) this.#progress.note(`more of this: ${this.#show}`);
  }
}
