import { lastPlace, type Place } from "./place.ts";
import type { IndexCounter, PlacedSource } from "./result-source.ts";

/** Tells the first place of the sources that no reading has begun of. */
export class UnstartedFloor {
  /** Those with inputs, by the first of them, and those without. */
  readonly #sources: Readonly<Record<"listed" | "open", readonly FirstPlace[]>>;
  readonly #counter: IndexCounter;
  readonly #hasStarted: (source: number) => boolean;
  readonly #passed = { listed: 0, open: 0 };

  constructor(
    sources: readonly PlacedSource[],
    counter: IndexCounter,
    hasStarted: (source: number) => boolean,
  ) {
    this.#counter = counter;
    this.#hasStarted = hasStarted;
    const places = sources.map(({ number, inputs }) => ({ number, index: firstIndex(inputs) }));
    this.#sources = {
      listed: places.filter(({ index }) => index < Infinity).sort((a, b) => a.index - b.index),
      open: places.filter(({ index }) => index === Infinity),
    };
  }

  get place(): Place {
    const listed = this.#first("listed")?.index ?? Infinity;
    const open = this.#first("open") === undefined ? Infinity : this.#counter.next;
    const index = Math.min(listed, open);
    return index === Infinity ? lastPlace : { index, page: 0 };
  }

  #first(kind: "listed" | "open"): FirstPlace | undefined {
    for (; this.#passed[kind] < this.#sources[kind].length; this.#passed[kind]++) {
      const source = this.#sources[kind][this.#passed[kind]];
      if (source !== undefined && !this.#hasStarted(source.number)) return source;
    }
    return undefined;
  }
}

interface FirstPlace {
  readonly number: number;
  readonly index: number;
}

function firstIndex(inputs: PlacedSource["inputs"]): number {
  return (inputs ?? []).reduce((first, { index }) => Math.min(first, index), Infinity);
}
