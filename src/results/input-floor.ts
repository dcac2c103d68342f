import type { InputState } from "./input-join.ts";
import { comparePlaces, lastPlace, type Place } from "./place.ts";
import type { IndexCounter } from "./result-source.ts";

/** Tells the place before which nothing of a source is still to come. */
export class InputFloor {
  readonly #inputs: readonly InputState[] | undefined;
  readonly #counter: IndexCounter;
  /** Inputs at the beginning of `#inputs` that are settled. */
  #settled = 0;
  #page = 1;

  /** @param inputs those that were given; what is found without any gets running numbers. */
  constructor(inputs: readonly InputState[] | undefined, counter: IndexCounter) {
    this.#inputs = inputs && [...inputs].sort((a, b) => a.index - b.index);
    this.#counter = counter;
  }

  get place(): Place {
    if (this.#inputs === undefined) return { index: this.#counter.next, page: 0 };
    for (; this.#settled < this.#inputs.length; this.#settled++) {
      const input = this.#inputs[this.#settled];
      if (input === undefined) break;
      const { index, statuses, pages } = input;
      if (statuses.size === 0) return { index, page: 0 };
      // Only the end of the source tells how many pages a document has.
      if (pages.size > 0) {
        while (pages.has(this.#page)) this.#page++;
        return { index, page: this.#page };
      }
    }
    return lastPlace;
  }
}

/** The earliest of some places. */
export function earliest(places: Iterable<Place>): Place {
  let first = lastPlace;
  for (const place of places) if (comparePlaces(place, first) < 0) first = place;
  return first;
}
