import type { InputList } from "./input-list.ts";

/** An input whose result is wanted. */
export interface ResultInput {
  /** Its URI as it was sent. */
  readonly uri: string;
  /** Its place among all inputs. Default: counted on over the sources. */
  readonly index?: number | undefined;
}

/** One output prefix and what was asked for under it. */
export interface ResultSource {
  /** The output prefix as it was sent; absent where these inputs were never submitted. */
  readonly prefix?: string | undefined;
  /** What was asked for, in the order of the request; absent: whatever is there is read. */
  readonly inputs?: readonly (string | ResultInput)[] | undefined;
  /** Why inputs may be missing: what the operation or the submit ended with. */
  readonly error?: Error | undefined;
  /**
   * Settles when nothing more is written under the prefix, as the promise of an operation's end does:
   * until then shards are read as they appear. What it rejects with is why inputs may be missing.
   */
  readonly until?: Promise<unknown> | undefined;
}

/** A {@link ResultSource} whose inputs are made when they are asked for, each with its place. */
export interface ListedSource extends Omit<ResultSource, "inputs"> {
  readonly inputs: InputList<PlacedInput>;
}

/** A source whose inputs have their places. */
export interface PlacedSource {
  /** Its own place among the sources, from 0. */
  readonly number: number;
  readonly prefix: string | undefined;
  readonly inputs: InputList<PlacedInput> | undefined;
  readonly error: Error | undefined;
  readonly until: Promise<unknown> | undefined;
}

/** An input at its place. */
export interface PlacedInput {
  readonly uri: string;
  readonly index: number;
}

/** Makes the running numbers of inputs. */
export interface IndexCounter {
  next: number;
}

/** One source or several; a bare string is an output prefix. */
export type GivenSources =
  string | ResultSource | ListedSource | readonly (string | ResultSource | ListedSource)[];

/** Gives every input its place. */
export function placeSources(
  sources: GivenSources,
  counter: IndexCounter,
): readonly PlacedSource[] {
  return [sources].flat().map((source, number): PlacedSource => {
    const { prefix, inputs, error, until } =
      typeof source === "string" ? ({ prefix: source } as ResultSource) : source;
    // It may reject before anything is read; who reads learns of it then.
    until?.catch(() => undefined);
    return { number, prefix, inputs: inputs && placeInputs(inputs, counter), error, until };
  });
}

function placeInputs(
  inputs: NonNullable<ResultSource["inputs"]> | ListedSource["inputs"],
  counter: IndexCounter,
): InputList<PlacedInput> {
  return isListed(inputs) ? inputs : inputs.map((input) => place(input, counter));
}

/** Anything else that is no array, e.g. a set, must not be taken for a list without inputs. */
function isListed(
  inputs: readonly unknown[] | InputList<PlacedInput>,
): inputs is InputList<PlacedInput> {
  return !Array.isArray(inputs) && typeof inputs === "object" && "at" in inputs;
}

function place(input: string | ResultInput, counter: IndexCounter): PlacedInput {
  if (typeof input === "string") return { uri: input, index: counter.next++ };
  return { uri: input.uri, index: input.index ?? counter.next++ };
}
