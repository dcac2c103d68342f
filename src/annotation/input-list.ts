import { Readable } from "node:stream";
import { InvalidRequestError } from "../errors/index.ts";
import { isBytes } from "./file-type.ts";
import { isStream, parseSource, type ParsedSource } from "./input-source.ts";
import { interruptible } from "./interruptible.ts";

/** An input and its place among all. */
export interface NumberedInput<Input> {
  readonly input: Input;
  /** From 0. */
  readonly index: number;
}

/**
 * Numbers the inputs.
 * @throws InvalidRequestError for one input where a list of them is expected.
 */
export async function* numberInputs<Input>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  signal: AbortSignal,
): AsyncGenerator<NumberedInput<Input>, void, undefined> {
  checkList(inputs);
  let index = 0;
  for await (const input of interruptible(inputs, signal)) yield { input, index: index++ };
}

/** An input taken apart: where it is, and what is asked of it alone. */
export function toParts(input: unknown): {
  readonly source: ParsedSource;
  readonly own: Readonly<Record<string, unknown>>;
} {
  const isPlain = typeof input === "object" && input !== null && "source" in input;
  if (!isPlain || isBytes(input) || isStream(input)) return { source: parseSource(input), own: {} };
  const { source, ...rest } = input;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const own = given.map(([key, value]) => [key, key === "features" ? toFeatures(value) : value]);
  return { source: parseSource(source), own: Object.fromEntries(own) as Record<string, unknown> };
}

/** Features in the form of messages. */
export function toFeatures(features: unknown): unknown {
  if (!Array.isArray(features)) return features;
  return features.map((feature: unknown) =>
    typeof feature === "string" ? { type: feature } : feature,
  );
}

/** A string and a stream of bytes can be iterated as well, and each character or chunk would be billed. */
function checkList(inputs: unknown): void {
  const isList = typeof inputs === "object" && inputs !== null && !isBytes(inputs);
  const isIterable = isList && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs);
  const isOfBytes = inputs instanceof Readable && !inputs.readableObjectMode;
  if (isIterable && !isOfBytes) return;
  const message = "expected a list of inputs; put a single one into [ ]";
  throw new InvalidRequestError("the inputs", [{ field: "inputs", value: typeof inputs, message }]);
}
