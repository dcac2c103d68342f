/** One who waits for a turn. */
export interface Turn {
  /** When it is due, in the milliseconds of the queue's owner; only the queue changes it while the turn is there. */
  dueAt: number;
  /** The place among those that are due at the same time. */
  readonly sequence: number;
  grant(): void;
  fail(error: unknown): void;
}

/** Turns by due time, the first come first among equals: a binary heap that gives up any of them in O(log n). */
export class TurnQueue<Kind extends Turn = Turn> {
  readonly #heap: Kind[] = [];
  readonly #places = new Map<Kind, number>();

  get size(): number {
    return this.#heap.length;
  }

  /** The turn that is due first. */
  get first(): Kind | undefined {
    return this.#heap[0];
  }

  add(turn: Kind): void {
    this.#put(turn, this.#heap.length);
    this.#rise(this.#heap.length - 1);
  }

  /** Takes a turn out; nothing happens to one that is not there. */
  remove(turn: Kind): void {
    const place = this.#places.get(turn);
    const last = this.#heap.at(-1);
    if (place === undefined || last === undefined) return;
    this.#places.delete(turn);
    this.#heap.pop();
    if (last === turn) return;
    this.#put(last, place);
    this.#rise(place);
    this.#sink(place);
  }

  /** Asks of every turn when it is due now. */
  reorder(dueAtOf: (turn: Kind) => number): void {
    for (const turn of this.#heap) turn.dueAt = dueAtOf(turn);
    for (let place = (this.size >> 1) - 1; place >= 0; place -= 1) this.#sink(place);
  }

  #rise(from: number): void {
    for (let place = from; place > 0;) {
      const parent = (place - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, place)) return;
      place = parent;
    }
  }

  #sink(from: number): void {
    for (let place = from; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapUnlessOrdered(place, child)) return;
      place = child;
    }
  }

  /** Swaps a parent and a child that stand the wrong way round, and tells whether they did. */
  #swapUnlessOrdered(parent: number, child: number): boolean {
    const [upper, lower] = [this.#heap[parent], this.#heap[child]];
    if (upper === undefined || lower === undefined || !this.#isBefore(child, parent)) return false;
    this.#put(lower, parent);
    this.#put(upper, child);
    return true;
  }

  #put(turn: Kind, place: number): void {
    this.#heap[place] = turn;
    this.#places.set(turn, place);
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return (
      left.dueAt - right.dueAt < 0 || (left.dueAt === right.dueAt && left.sequence < right.sequence)
    );
  }
}
