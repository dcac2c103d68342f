import type { Ranges } from "../../results/number-ranges.ts";
import { fromRanges } from "../../results/number-ranges.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { fileMimeTypeOf } from "./file-type.ts";
import type { PlannedInput } from "./run-input.ts";

/** An input as it stands in a block: its URI, or that with its custom id and the MIME type that was told. */
export type BlockEntry =
  string | readonly [uri: string, customId: string | null, mimeType?: string];

/** The inputs of a chunk: which they are of the run, and what each is. */
export interface InputBlock {
  readonly numbers: Ranges;
  readonly entries: readonly BlockEntry[];
}

/** The inputs of a chunk as a journal keeps them: a few bytes each beside the URI. */
export function encodeBlock({ numbers, entries }: InputBlock): Uint8Array {
  return Buffer.from(JSON.stringify({ numbers, entries }));
}

/** The inputs of a chunk from what a journal has kept. */
export function decodeBlock(block: Uint8Array): InputBlock {
  const { buffer, byteOffset, byteLength } = block;
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString()) as InputBlock;
}

/** The inputs of a chunk, in the order in which they are sent. */
export function decodeInputs(kind: ChunkKind, block: Uint8Array): PlannedInput[] {
  const { numbers, entries } = decodeBlock(block);
  const indexes = fromRanges(numbers);
  return entries.map((entry, position) => {
    const [uri, customId = null, told] = typeof entry === "string" ? [entry] : entry;
    const mimeType = kind === "file" ? (told ?? fileMimeTypeOf(uri)) : undefined;
    return {
      index: indexes[position] ?? position,
      uri,
      ...(customId === null ? {} : { customId }),
      ...(mimeType === undefined ? {} : { mimeType }),
    };
  });
}
