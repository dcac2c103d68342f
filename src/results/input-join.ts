import type { ResultStatus } from "./result-record.ts";
import type { PlacedInput, PlacedSource } from "./result-source.ts";

/** What has been found for one input. */
export interface InputState extends PlacedInput {
  /** The statuses of its responses: one for an image, those of its pages for a document. */
  readonly statuses: Set<ResultStatus>;
  /** The pages that were found, for a document. */
  readonly pages: Set<number>;
}

/**
 * Finds for each response of a source the input it answers: by URI and page, and by the order of the
 * responses where one URI was asked for several times. Nothing else about their order is documented.
 */
export class InputJoin {
  /** The inputs; where none were given, the documents that were found. */
  readonly inputs: InputState[];
  readonly #byUri = new Map<string, InputState[]>();
  readonly #source: PlacedSource;

  constructor(source: PlacedSource) {
    this.#source = source;
    this.inputs = [];
    for (const input of source.inputs ?? []) this.#keep(input);
  }

  /** Inputs that share their URI with an earlier one. */
  get duplicates(): number {
    return this.inputs.length - this.#byUri.size;
  }

  /** The input that a response answers, or undefined where nothing of the kind was asked for. */
  find(uri: string, page: number | undefined): InputState | undefined {
    if (this.#source.inputs !== undefined) return this.#lacking(uri, page);
    // Images that nobody listed are not kept, so that memory does not grow with them.
    if (page === undefined) return stateOf({ uri, index: this.#source.nextIndex() });
    return this.#lacking(uri, page) ?? this.#keep({ uri, index: this.#source.nextIndex() });
  }

  /** The input at a place of the request, from 0, unless something was found for it. */
  findAt(place: number): InputState | undefined {
    const input = this.inputs[place];
    return input?.statuses.size === 0 ? input : undefined;
  }

  #lacking(uri: string, page: number | undefined): InputState | undefined {
    return this.#byUri.get(uri)?.find(({ statuses, pages }) => {
      if (page === undefined || pages.size === 0) return statuses.size === 0;
      return !pages.has(page);
    });
  }

  #keep(input: PlacedInput): InputState {
    const state = stateOf(input);
    this.inputs.push(state);
    const same = this.#byUri.get(input.uri);
    if (same === undefined) this.#byUri.set(input.uri, [state]);
    else same.push(state);
    return state;
  }
}

function stateOf({ uri, index }: PlacedInput): InputState {
  return { uri, index, statuses: new Set(), pages: new Set() };
}
