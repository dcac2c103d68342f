import type { InputList } from "./input-list.ts";
import { fromRanges, toRanges, type Ranges } from "./number-ranges.ts";
import { resultStatuses, type ResultStatus } from "./result-record.ts";
import type { IndexCounter, PlacedInput, PlacedSource } from "./result-source.ts";

/** An input that a response answers. */
export interface JoinedInput extends PlacedInput {
  /** Its position in the join; -1 for one that is not kept. */
  readonly position: number;
}

/** What one response told of an input. */
interface Finding {
  readonly position: number;
  /** Absent where it was known before, as the page. */
  readonly status?: ResultStatus | undefined;
  readonly page?: number | undefined;
}

/** What was found for an input as plain data: the numbers of its statuses, and its pages. */
type StateData = readonly [statuses: readonly number[], pages: Ranges];

/** An {@link InputJoin} as plain data: the inputs for which something was found, by their position in it. */
export type JoinData = readonly (readonly [
  position: number,
  state: StateData,
  found?: PlacedInput,
])[];

/** What a response tells of the input that it answers. */
export interface Claim {
  readonly uri: string;
  readonly page: number | undefined;
  /** Its place among the responses of its request, from 0; undefined for what is of a file. */
  readonly place: number | undefined;
}

const noPages: ReadonlySet<number> = new Set();

/**
 * Finds for each response of a source the input it answers: by URI and page. Where one URI was asked for
 * several times, it is the input at the response's place, or else the first that has none yet: nothing
 * about the order of responses is documented.
 *
 * A byte an input is kept, and the pages of documents: there are thousands of images, of one status each.
 */
export class InputJoin {
  readonly #given: InputList<PlacedInput> | undefined;
  /** Where no inputs were given: the documents that were found. */
  readonly #found: PlacedInput[] = [];
  /** The statuses of the responses to each input, a bit each: one of an image, those of its pages of a document. */
  #statuses: Uint8Array;
  readonly #pages = new Map<number, Set<number>>();
  /** Made when it is first needed: responses that come in the order of their inputs need none. */
  #byUri: Map<string, number[]> | undefined;
  readonly #counter: IndexCounter;
  /** What was found after the last mark: a copy at every mark would cost as much as there are inputs. */
  #sinceMark: Finding[] = [];

  constructor({ inputs }: Pick<PlacedSource, "inputs">, counter: IndexCounter) {
    this.#given = inputs;
    this.#statuses = new Uint8Array(inputs?.length ?? 0);
    this.#counter = counter;
  }

  /** How many inputs there are; where none were given, documents that were found. */
  get size(): number {
    return this.#given?.length ?? this.#found.length;
  }

  /** Inputs that share their URI with an earlier one. */
  get duplicates(): number {
    const uris = new Set<string>();
    for (let position = 0; position < this.size; position++) uris.add(this.at(position).uri);
    return this.size - uris.size;
  }

  /** The documents of which pages were found, by position. */
  get documents(): readonly number[] {
    return [...this.#pages.keys()].sort((a, b) => a - b);
  }

  /** The input at a position. */
  at(position: number): JoinedInput {
    const input = this.#given === undefined ? this.#found[position] : this.#given.at(position);
    if (input === undefined) throw new RangeError(`there is no input ${position}`);
    return { position, uri: input.uri, index: input.index };
  }

  /** Whether anything was found for an input. */
  isAnswered(position: number): boolean {
    return (this.#statuses[position] ?? 0) !== 0;
  }

  /** What became of an input: it is what all its pages are; mixed, it is partial. */
  statusOf(position: number): ResultStatus {
    const [first = "missing", ...others] = statusesIn(this.#statuses[position] ?? 0);
    return others.length === 0 ? first : "partial";
  }

  /** The pages that were found of a document. */
  pagesOf(position: number): ReadonlySet<number> {
    return this.#pages.get(position) ?? noPages;
  }

  /** Whether several inputs have a URI. */
  isDuplicated(uri: string): boolean {
    return this.#withUri(uri).length > 1;
  }

  /** The input that a response answers, or undefined where nothing of the kind was asked for. */
  find(claim: Claim): JoinedInput | undefined {
    if (this.#given !== undefined) return this.#lacking(claim);
    const { uri, page } = claim;
    // Images that nobody listed are not kept, so that memory does not grow with them.
    if (page === undefined) return { position: -1, uri, index: this.#counter.next++ };
    return this.#lacking(claim) ?? this.#keep({ uri, index: this.#counter.next++ });
  }

  /** The input at the place of a response, whatever its URI, unless something was found for it. */
  findAt({ place = -1 }: Claim): JoinedInput | undefined {
    if (place < 0 || place >= this.size || this.isAnswered(place)) return undefined;
    return this.at(place);
  }

  /** Takes note of what a response tells of an input, or that one is missing. */
  note({ position }: JoinedInput, status: ResultStatus, page?: number): void {
    if (position < 0) return;
    this.#sinceMark.push({
      position,
      status: ((this.#statuses[position] ?? 0) & bitOf(status)) === 0 ? status : undefined,
      page: page === undefined || this.pagesOf(position).has(page) ? undefined : page,
    });
    this.#add(position, status, page);
  }

  /** Remembers this point. */
  mark(): void {
    this.#sinceMark = [];
  }

  /** What had been found at the last mark, as plain data. */
  toData(): JoinData {
    const later = Map.groupBy(this.#sinceMark, ({ position }) => position);
    const data: JoinData[number][] = [];
    for (let position = 0; position < this.size; position++) {
      const findings = later.get(position) ?? [];
      const statuses = without(
        statusesIn(this.#statuses[position] ?? 0),
        findings.map(({ status }) => status),
      );
      if (statuses.length === 0) continue;
      const numbers = statuses.map((status) => resultStatuses.indexOf(status));
      const pages = without(
        this.pagesOf(position),
        findings.map(({ page }) => page),
      );
      const state: StateData = [numbers, toRanges(pages)];
      const { uri, index } = this.at(position);
      data.push(this.#given === undefined ? [position, state, { uri, index }] : [position, state]);
    }
    return data;
  }

  /** Takes over what {@link toData} told. */
  restore(data: JoinData): void {
    for (const [number, [statuses, pages], found] of data) {
      const position =
        number < this.size || found === undefined ? number : this.#keep(found).position;
      if (position >= this.size) continue;
      for (const status of statuses) this.#add(position, resultStatuses[status]);
      for (const page of fromRanges(pages)) this.#add(position, undefined, page);
    }
  }

  #lacking(claim: Claim): JoinedInput | undefined {
    const { uri, page } = claim;
    const own = this.findAt(claim);
    if (own?.uri === uri) return own;
    const position = this.#withUri(uri).find((each) => {
      const pages = this.pagesOf(each);
      return page === undefined || pages.size === 0 ? !this.isAnswered(each) : !pages.has(page);
    });
    return position === undefined ? undefined : this.at(position);
  }

  #add(position: number, status: ResultStatus | undefined, page?: number): void {
    if (status !== undefined) {
      this.#statuses[position] = (this.#statuses[position] ?? 0) | bitOf(status);
    }
    if (page === undefined) return;
    const pages = this.#pages.get(position);
    if (pages === undefined) this.#pages.set(position, new Set([page]));
    else pages.add(page);
  }

  #keep(input: PlacedInput): JoinedInput {
    const position = this.#found.push(input) - 1;
    if (position >= this.#statuses.length) {
      const grown = new Uint8Array(Math.max(16, 2 * this.#statuses.length));
      grown.set(this.#statuses);
      this.#statuses = grown;
    }
    if (this.#byUri !== undefined) addTo(this.#byUri, input.uri, position);
    return this.at(position);
  }

  #withUri(uri: string): readonly number[] {
    if (this.#byUri === undefined) {
      this.#byUri = new Map();
      for (let position = 0; position < this.size; position++) {
        addTo(this.#byUri, this.at(position).uri, position);
      }
    }
    return this.#byUri.get(uri) ?? [];
  }
}

function addTo(byUri: Map<string, number[]>, uri: string, position: number): void {
  const same = byUri.get(uri);
  if (same === undefined) byUri.set(uri, [position]);
  else same.push(position);
}

function bitOf(status: ResultStatus): number {
  return 1 << resultStatuses.indexOf(status);
}

function statusesIn(bits: number): readonly ResultStatus[] {
  return resultStatuses.filter((status) => (bits & bitOf(status)) !== 0);
}

function without<T>(all: Iterable<T>, some: readonly (T | undefined)[]): readonly T[] {
  const left = new Set(some);
  return [...all].filter((each) => !left.has(each));
}
