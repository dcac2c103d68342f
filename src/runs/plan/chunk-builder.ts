import { createHash } from "node:crypto";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { encodeBlock, type BlockEntry } from "./input-block.ts";

/** Gathers inputs of one kind until they are a chunk. */
export class ChunkBuilder {
  readonly #kind: ChunkKind;
  readonly #size: number;
  #entries: BlockEntry[] = [];
  #numbers: [first: number, last: number][] = [];

  constructor(kind: ChunkKind, size: number) {
    this.#kind = kind;
    this.#size = size;
  }

  /** Adds an input, whose index is higher than all before; tells whether the chunk is full. */
  add(entry: BlockEntry, index: number): boolean {
    const range = this.#numbers.at(-1);
    if (range !== undefined && range[1] === index - 1) range[1] = index;
    else this.#numbers.push([index, index]);
    return this.#entries.push(entry) >= this.#size;
  }

  /** The chunk of what was added since the last one; undefined where that is nothing. */
  take(number: number): NewChunk | undefined {
    const [entries, numbers] = [this.#entries, this.#numbers];
    const [first, last] = [numbers[0]?.[0], numbers.at(-1)?.[1]];
    if (first === undefined || last === undefined) return undefined;
    this.#entries = [];
    this.#numbers = [];
    const block = encodeBlock({ numbers, entries });
    const digest = createHash("sha256").update(`${this.#kind}\n`).update(block).digest("hex");
    return { number, kind: this.#kind, size: entries.length, first, last, block, digest };
  }
}
