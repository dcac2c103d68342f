import { Slots } from "./slots.ts";

interface Entry {
  readonly slots: Slots;
  /** Who is in, or waits to be. */
  users: number;
}

/** Lets a limited number in for each key at a time, in the order in which they came; keeps nothing of a key that nobody uses. */
export class KeyedSlots {
  readonly #count: number;
  readonly #entries = new Map<string, Entry>();

  constructor(count: number) {
    this.#count = count;
  }

  /** Keys that are used now. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Waits for a slot of a key; what it answers gives it back, once.
   * @throws the signal's reason when it aborts first.
   */
  async enter(key: string, signal: AbortSignal): Promise<Disposable> {
    const entry = this.#entries.get(key) ?? { slots: new Slots(this.#count), users: 0 };
    this.#entries.set(key, entry);
    entry.users++;
    let isUser = true;
    const leave = (): void => {
      if (isUser && --entry.users === 0) this.#entries.delete(key);
      isUser = false;
    };
    try {
      const slot = await entry.slots.enter(signal);
      return {
        [Symbol.dispose]: () => {
          slot[Symbol.dispose]();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }
}
