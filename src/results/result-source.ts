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
}

/** A source whose inputs have their places. */
export interface PlacedSource {
  readonly prefix: string | undefined;
  readonly inputs: readonly PlacedInput[] | undefined;
  readonly error: Error | undefined;
  /** Makes the running number of an input that was not known before. */
  readonly nextIndex: () => number;
}

/** An input at its place. */
export interface PlacedInput {
  readonly uri: string;
  readonly index: number;
}

/** Gives every input its place; a bare string is an output prefix. */
export function placeSources(
  sources: string | ResultSource | readonly (string | ResultSource)[],
): readonly PlacedSource[] {
  let next = 0;
  const nextIndex = (): number => next++;
  return [sources].flat().map((source): PlacedSource => {
    const { prefix, inputs, error } = typeof source === "string" ? { prefix: source } : source;
    return { prefix, inputs: inputs?.map((input) => place(input, nextIndex)), error, nextIndex };
  });
}

function place(input: string | ResultInput, nextIndex: () => number): PlacedInput {
  if (typeof input === "string") return { uri: input, index: nextIndex() };
  return { uri: input.uri, index: input.index ?? nextIndex() };
}
