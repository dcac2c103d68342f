import { comparePlaces, type Place } from "./place.ts";

/** A priority queue of places: gives the earliest first, however they were put in. */
export class PlaceQueue<T extends Place> {
  /** A heap: none stands before the one at half its index. */
  readonly #heap: T[] = [];

  get length(): number {
    return this.#heap.length;
  }

  /** The earliest, which stays. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  put(item: T): void {
    let at = this.#heap.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  /** Takes the earliest out. */
  take(): T | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    for (let at = 0; ;) {
      const below = 2 * at + 1;
      const next = this.#isBefore(below + 1, below) ? below + 1 : below;
      if (!this.#isBefore(next, at)) return first;
      this.#swap(at, next);
      at = next;
    }
  }

  #isBefore(index: number, other: number): boolean {
    const [a, b] = [this.#heap[index], this.#heap[other]];
    return a !== undefined && b !== undefined && comparePlaces(a, b) < 0;
  }

  #swap(index: number, other: number): void {
    const [a, b] = [this.#heap[index], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[index] = b;
    this.#heap[other] = a;
  }
}
