import { lastPlace, type Place } from "./place.ts";
import type { IndexCounter, PlacedSource } from "./result-source.ts";

interface UnstartedSources {
  /** Those with inputs, by the first of them. */
  readonly listed: readonly FirstPlace[];
  /** Those without. */
  readonly open: readonly FirstPlace[];
}

/** Tells the first place of the sources that no reading has begun of. */
export class UnstartedFloor {
  readonly #sources: readonly PlacedSource[];
  /** Made when it is first asked for: most readings need no order. */
  #byPlace: UnstartedSources | undefined;
  readonly #counter: IndexCounter;
  readonly #hasStarted: (source: number) => boolean;
  readonly #passed = { listed: 0, open: 0 };

  constructor(
    sources: readonly PlacedSource[],
    counter: IndexCounter,
    hasStarted: (source: number) => boolean,
  ) {
    this.#sources = sources;
    this.#counter = counter;
    this.#hasStarted = hasStarted;
  }

  get place(): Place {
    const listed = this.#first("listed")?.index ?? Infinity;
    const open = this.#first("open") === undefined ? Infinity : this.#counter.next;
    const index = Math.min(listed, open);
    return index === Infinity ? lastPlace : { index, page: 0 };
  }

  #first(kind: "listed" | "open"): FirstPlace | undefined {
    const sources = (this.#byPlace ??= byPlace(this.#sources))[kind];
    for (; this.#passed[kind] < sources.length; this.#passed[kind]++) {
      const source = sources[this.#passed[kind]];
      if (source !== undefined && !this.#hasStarted(source.number)) return source;
    }
    return undefined;
  }
}

interface FirstPlace {
  readonly number: number;
  readonly index: number;
}

function byPlace(sources: readonly PlacedSource[]): UnstartedSources {
  const places = sources.map(({ number, inputs }) => ({ number, index: firstIndex(inputs) }));
  return {
    listed: places.filter(({ index }) => index < Infinity).sort((a, b) => a.index - b.index),
    open: places.filter(({ index }) => index === Infinity),
  };
}

function firstIndex(inputs: PlacedSource["inputs"]): number {
  let first = Infinity;
  for (let position = 0; position < (inputs?.length ?? 0); position++) {
    first = Math.min(first, inputs?.at(position)?.index ?? Infinity);
  }
  return first;
}
