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

/** How every block begins: its entries follow, then their numbers. */
export const blockHead = '{"entries":[';

/** What JSON does not write as it is. */
const escaped = /["\\\p{Cc}\p{Cs}]/u;
const quote = 0x22;
const comma = 0x2c;

/**
 * Writes the inputs of a chunk as a journal keeps them: as JSON, a few bytes each beside the URI. Each is
 * written at once: strings that wait for the rest of their chunk would make the heap grow with its size.
 */
export class BlockWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  #numbers: [first: number, last: number][] = [];

  /** Adds an input, whose index is higher than all before. */
  add(entry: BlockEntry, index: number): void {
    const range = this.#numbers.at(-1);
    if (range === undefined) this.#write(blockHead);
    else this.#bytes[this.#length++] = comma;
    if (range?.[1] === index - 1) range[1] = index;
    else this.#numbers.push([index, index]);
    if (typeof entry !== "string" || escaped.test(entry)) this.#write(JSON.stringify(entry));
    else this.#writeQuoted(entry);
  }

  /** The block of what was added since the last one. */
  take(): Uint8Array {
    this.#write(`],"numbers":${JSON.stringify(this.#numbers)}}`);
    const block = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    this.#numbers = [];
    return block;
  }

  #writeQuoted(text: string): void {
    this.#reserve(text);
    this.#bytes[this.#length++] = quote;
    this.#length += this.#bytes.write(text, this.#length);
    this.#bytes[this.#length++] = quote;
  }

  #write(text: string): void {
    this.#reserve(text);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Makes room for a text with its quotes and a comma; a unit of UTF-16 takes at most three bytes. */
  #reserve(text: string): void {
    const needed = this.#length + text.length * 3 + 3;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(needed * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
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
  return entries.map((entry, position) =>
    toPlannedInput(kind, entry, indexes[position] ?? position),
  );
}

/** An input out of its entry in a block. */
export function toPlannedInput(kind: ChunkKind, entry: BlockEntry, index: number): PlannedInput {
  // Nearly all are such, and there are thousands in a chunk: no more is made of them than is needed.
  if (typeof entry === "string" && kind === "image") return { index, uri: entry };
  const [uri, customId = null, told] = typeof entry === "string" ? [entry] : entry;
  const mimeType = kind === "file" ? (told ?? fileMimeTypeOf(uri)) : undefined;
  return {
    index,
    uri,
    ...(customId === null ? {} : { customId }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}
