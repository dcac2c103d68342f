import { resultStatuses, type ResultStatus } from "./result-record.ts";
import { fromRanges, toRanges, type Ranges } from "./number-ranges.ts";
import type { IndexCounter, PlacedInput, PlacedSource } from "./result-source.ts";

/** What has been found for one input. */
export interface InputState extends PlacedInput {
  /** The statuses of its responses: one for an image, those of its pages for a document. */
  readonly statuses: ReadonlySet<ResultStatus>;
  /** The pages that were found, for a document. */
  readonly pages: ReadonlySet<number>;
}

const noStatuses: ReadonlySet<ResultStatus> = new Set();
const noPages: ReadonlySet<number> = new Set();
const alone = new Map(resultStatuses.map((status) => [status, new Set([status])]));

/** An {@link InputState} that has no sets of its own while it needs none: there are thousands of images, of one status each. */
export class FoundInput implements InputState {
  readonly uri: string;
  readonly index: number;
  statuses = noStatuses;
  #pages: Set<number> | undefined;

  constructor({ uri, index }: PlacedInput) {
    this.uri = uri;
    this.index = index;
  }

  get pages(): ReadonlySet<number> {
    return this.#pages ?? noPages;
  }

  addStatus(status: ResultStatus): void {
    if (this.statuses.has(status)) return;
    const first = this.statuses.size === 0 ? alone.get(status) : undefined;
    this.statuses = first ?? new Set([...this.statuses, status]);
  }

  addPage(page: number): void {
    (this.#pages ??= new Set()).add(page);
  }
}

/** What one response told of an input. */
interface Finding {
  readonly input: FoundInput;
  /** Absent where it was known before, as the page. */
  readonly status?: ResultStatus | undefined;
  readonly page?: number | undefined;
}

/** An {@link InputState} as plain data: the numbers of its statuses, and its pages. */
type StateData = readonly [statuses: readonly number[], pages: Ranges];

/** An {@link InputJoin} as plain data: the inputs for which something was found, by their number in it. */
export type JoinData = readonly (readonly [
  number: number,
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

/**
 * Finds for each response of a source the input it answers: by URI and page. Where one URI was asked for
 * several times, it is the input at the response's place, or else the first that has none yet: nothing
 * about the order of responses is documented.
 */
export class InputJoin {
  /** The inputs; where none were given, the documents that were found. */
  readonly inputs: FoundInput[] = [];
  /** Made when it is first needed: responses that come in the order of their inputs need none. */
  #byUri: Map<string, FoundInput[]> | undefined;
  readonly #source: PlacedSource;
  readonly #counter: IndexCounter;
  /** What was found after the last mark: a copy at every mark would cost as much as there are inputs. */
  #sinceMark: Finding[] = [];

  constructor(source: PlacedSource, counter: IndexCounter) {
    this.#source = source;
    this.#counter = counter;
    for (const input of source.inputs ?? []) this.#keep(input);
  }

  /** Inputs that share their URI with an earlier one. */
  get duplicates(): number {
    return this.inputs.length - new Set(this.inputs.map(({ uri }) => uri)).size;
  }

  /** Whether several inputs have a URI. */
  isDuplicated(uri: string): boolean {
    return (this.#withUri(uri)?.length ?? 0) > 1;
  }

  /** The input that a response answers, or undefined where nothing of the kind was asked for. */
  find(claim: Claim): FoundInput | undefined {
    if (this.#source.inputs !== undefined) return this.#lacking(claim);
    const { uri, page } = claim;
    // Images that nobody listed are not kept, so that memory does not grow with them.
    if (page === undefined) return new FoundInput({ uri, index: this.#counter.next++ });
    return this.#lacking(claim) ?? this.#keep({ uri, index: this.#counter.next++ });
  }

  /** The input at the place of a response, whatever its URI, unless something was found for it. */
  findAt({ place = -1 }: Claim): FoundInput | undefined {
    const input = this.inputs[place];
    return input?.statuses.size === 0 ? input : undefined;
  }

  /** Takes note of what a response tells of an input, or that one is missing. */
  note(input: FoundInput, status: ResultStatus, page?: number): void {
    const { statuses, pages } = input;
    this.#sinceMark.push({
      input,
      status: statuses.has(status) ? undefined : status,
      page: page === undefined || pages.has(page) ? undefined : page,
    });
    input.addStatus(status);
    if (page !== undefined) input.addPage(page);
  }

  /** Remembers this point. */
  mark(): void {
    this.#sinceMark = [];
  }

  /** What had been found at the last mark, as plain data. */
  toData(): JoinData {
    const areGiven = this.#source.inputs !== undefined;
    const later = Map.groupBy(this.#sinceMark, ({ input }) => input);
    return this.inputs.flatMap((input, number): JoinData => {
      const { uri, index } = input;
      const findings = later.get(input) ?? [];
      const statuses = without(
        input.statuses,
        findings.map(({ status }) => status),
      );
      if (statuses.length === 0) return [];
      const numbers = statuses.map((status) => resultStatuses.indexOf(status));
      const pages = without(
        input.pages,
        findings.map(({ page }) => page),
      );
      const state: StateData = [numbers, toRanges(pages)];
      return [areGiven ? [number, state] : [number, state, { uri, index }]];
    });
  }

  /** Takes over what {@link toData} told. */
  restore(data: JoinData): void {
    for (const [number, [statuses, pages], found] of data) {
      const state = this.inputs[number] ?? (found === undefined ? undefined : this.#keep(found));
      for (const status of statuses) {
        const name = resultStatuses[status];
        if (name !== undefined) state?.addStatus(name);
      }
      for (const page of fromRanges(pages)) state?.addPage(page);
    }
  }

  #lacking(claim: Claim): FoundInput | undefined {
    const { uri, page } = claim;
    const own = this.findAt(claim);
    if (own?.uri === uri) return own;
    return this.#withUri(uri)?.find(({ statuses, pages }) => {
      if (page === undefined || pages.size === 0) return statuses.size === 0;
      return !pages.has(page);
    });
  }

  #keep(input: PlacedInput): FoundInput {
    const state = new FoundInput(input);
    this.inputs.push(state);
    if (this.#byUri !== undefined) addTo(this.#byUri, state);
    return state;
  }

  #withUri(uri: string): readonly FoundInput[] | undefined {
    if (this.#byUri === undefined) {
      this.#byUri = new Map();
      for (const input of this.inputs) addTo(this.#byUri, input);
    }
    return this.#byUri.get(uri);
  }
}

function addTo(byUri: Map<string, FoundInput[]>, input: FoundInput): void {
  const same = byUri.get(input.uri);
  if (same === undefined) byUri.set(input.uri, [input]);
  else same.push(input);
}

function without<T>(all: ReadonlySet<T>, some: readonly (T | undefined)[]): readonly T[] {
  const left = new Set(some);
  return [...all].filter((each) => !left.has(each));
}
