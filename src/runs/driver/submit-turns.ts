import type { ChunkKind, RunKey } from "../journal/run-record.ts";
import { Slots } from "./slots.ts";

/**
 * One chunk of a run and kind at a time waits for room: the others would only ask as well. Those of other
 * runs have limits of their own, and those of the other kind as well.
 */
export class SubmitTurns {
  readonly #slots = new Map<RunKey, Record<ChunkKind, Slots>>();

  of({ run, kind }: { readonly run: RunKey; readonly kind: ChunkKind }): Slots {
    let slots = this.#slots.get(run);
    if (slots === undefined) {
      slots = { image: new Slots(1), file: new Slots(1) };
      this.#slots.set(run, slots);
    }
    return slots[kind];
  }

  /** A run is not worked on any more. */
  forget(run: RunKey): void {
    this.#slots.delete(run);
  }
}
