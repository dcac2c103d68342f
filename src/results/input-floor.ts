import type { InputJoin } from "./input-join.ts";
import { comparePlaces, lastPlace, type Place } from "./place.ts";
import type { IndexCounter } from "./result-source.ts";

/** Tells the place before which nothing of a source is still to come. */
export class InputFloor {
  readonly #join: InputJoin;
  readonly #isListed: boolean;
  readonly #counter: IndexCounter;
  /** The positions of the inputs by their index; made when it is first asked for. */
  #positions: readonly number[] | undefined;
  /** Inputs at the beginning of `#positions` that are settled. */
  #settled = 0;
  #page = 1;

  /** @param isListed whether inputs were given; what is found without any gets running numbers. */
  constructor(join: InputJoin, isListed: boolean, counter: IndexCounter) {
    this.#join = join;
    this.#isListed = isListed;
    this.#counter = counter;
  }

  get place(): Place {
    if (!this.#isListed) return { index: this.#counter.next, page: 0 };
    this.#positions ??= positionsByIndex(this.#join);
    for (; this.#settled < this.#positions.length; this.#settled++) {
      const position = this.#positions[this.#settled] ?? 0;
      if (!this.#join.isAnswered(position))
        return { index: this.#join.at(position).index, page: 0 };
      const pages = this.#join.pagesOf(position);
      // Only the end of the source tells how many pages a document has.
      if (pages.size > 0) {
        while (pages.has(this.#page)) this.#page++;
        return { index: this.#join.at(position).index, page: this.#page };
      }
    }
    return lastPlace;
  }
}

function positionsByIndex(join: InputJoin): readonly number[] {
  const inputs = Array.from({ length: join.size }, (_, position) => join.at(position));
  return inputs.sort((a, b) => a.index - b.index).map(({ position }) => position);
}

/** The earliest of some places. */
export function earliest(places: Iterable<Place>): Place {
  let first = lastPlace;
  for (const place of places) if (comparePlaces(place, first) < 0) first = place;
  return first;
}
