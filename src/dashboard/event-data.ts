import { describeEvent, notableEvents } from "../runs/describe-event.ts";
import type { EventRecord, Run } from "../runs/index.ts";
import type { EventEntry } from "./dashboard-data.ts";

const errorsShown = 50;
const eventsShown = 100;
/** How far back is looked for what went wrong before somebody looked. */
const backMs = 3_600_000;
/** Events that are read at one look: more of them are read at the next. */
const readAtOnce = 2000;

/** An event as it is shown. */
export function toEventEntry(event: EventRecord): EventEntry {
  const { id, atMs, type, chunk, attempt, worker } = event;
  return {
    ...{ id, atMs, type, text: describeEvent(event), isTrouble: isTrouble(event) },
    ...(chunk === undefined ? {} : { chunk }),
    ...(attempt === undefined || attempt === 0 ? {} : { attempt }),
    ...(worker === undefined ? {} : { worker }),
  };
}

const soundEvents: ReadonlySet<string> = new Set(["adopted", "cancelAsked"]);
const troubleEvents: ReadonlySet<string> = new Set(["unreachable", "takenOver", "undelivered"]);

function isTrouble({ type, data = {} }: EventRecord): boolean {
  if (troubleEvents.has(type)) return true;
  if (type === "ended" || type === "state") return data["state"] === "failed";
  if (type === "operationEnded") return data["as"] === "failed";
  return notableEvents.has(type) && !soundEvents.has(type);
}

/** What happened to a run that is looked at, read on from look to look. */
export class RunTrail {
  readonly #sinceMs: number;
  #after: number | undefined;
  #afterOfRun: number | undefined;
  #errors: readonly EventEntry[] = [];
  #events: readonly EventEntry[] = [];

  constructor(nowMs: number) {
    this.#sinceMs = nowMs - backMs;
  }

  /** What went wrong last, the newest first. */
  get errors(): readonly EventEntry[] {
    return this.#errors;
  }

  /** What happened to the run as a whole, the newest first. */
  get events(): readonly EventEntry[] {
    return this.#events;
  }

  /** Reads what came since the last look. */
  async look(run: Run): Promise<void> {
    let left = readAtOnce;
    for await (const event of run.events({ sinceMs: this.#sinceMs, after: this.#after })) {
      this.#after = event.id;
      const entry = toEventEntry(event);
      if (entry.isTrouble) this.#errors = [entry, ...this.#errors].slice(0, errorsShown);
      left -= 1;
      if (left === 0) break;
    }
    for await (const event of run.events({ chunk: null, after: this.#afterOfRun })) {
      this.#afterOfRun = event.id;
      this.#events = [toEventEntry(event), ...this.#events].slice(0, eventsShown);
    }
  }
}
