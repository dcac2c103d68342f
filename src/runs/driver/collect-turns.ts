import type { RunKey } from "../journal/run-record.ts";
import { KeyedSlots } from "./keyed-slots.ts";
import type { LiveReader, LiveResults } from "./live-results.ts";

/** The right to read an output, until it is disposed of. */
export interface CollectTurn extends Disposable {
  /** Who gets what is read, where somebody wants it. */
  readonly reader: LiveReader | undefined;
}

/**
 * So many outputs are read at a time; those of a run whose results somebody reads are counted by themselves,
 * for they take as long as their reader, who may wait for another run.
 */
export class CollectTurns {
  readonly #live: LiveResults;
  readonly #slots: KeyedSlots;

  constructor(live: LiveResults, count: number) {
    this.#live = live;
    this.#slots = new KeyedSlots(count);
  }

  /** Waits for a turn. @throws the signal's reason when it aborts first. */
  async enter(run: RunKey, signal: AbortSignal): Promise<CollectTurn> {
    for (;;) {
      const isRead = this.#live.readerOf(run) !== undefined;
      const slot = await this.#slots.enter(isRead ? String(run) : "others", signal);
      const reader = this.#live.readerOf(run);
      // Somebody has come or gone meanwhile.
      if ((reader !== undefined) === isRead) return { reader, ...slot };
      slot[Symbol.dispose]();
    }
  }
}
