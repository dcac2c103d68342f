import { createHash } from "node:crypto";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { BlockWriter, type BlockEntry } from "./input-block.ts";

/** Gathers inputs of one kind until they are a chunk. */
export class ChunkBuilder {
  readonly #kind: ChunkKind;
  readonly #size: number;
  readonly #writer = new BlockWriter();
  #count = 0;
  #first = 0;
  #last = 0;

  constructor(kind: ChunkKind, size: number) {
    this.#kind = kind;
    this.#size = size;
  }

  /** Adds an input, whose index is higher than all before; tells whether the chunk is full. */
  add(entry: BlockEntry, index: number): boolean {
    if (this.#count === 0) this.#first = index;
    this.#last = index;
    this.#writer.add(entry, index);
    return ++this.#count >= this.#size;
  }

  /** The chunk of what was added since the last one; undefined where that is nothing. */
  take(number: number): NewChunk | undefined {
    const size = this.#count;
    if (size === 0) return undefined;
    this.#count = 0;
    const kind = this.#kind;
    const block = this.#writer.take();
    const digest = createHash("sha256").update(`${kind}\n`).update(block).digest("hex");
    return { number, kind, size, first: this.#first, last: this.#last, block, digest };
  }
}
