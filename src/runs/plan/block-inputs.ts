import type { InputList } from "../../results/input-list.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { blockHead, toPlannedInput, type BlockEntry, type InputBlock } from "./input-block.ts";
import type { PlannedInput } from "./run-input.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;

/** The inputs of a chunk in what a journal has kept of them, each made when it is asked for. */
export class BlockInputs implements InputList<PlannedInput> {
  readonly length: number;
  readonly #kind: ChunkKind;
  readonly #bytes: Buffer;
  /** Where each entry begins, and behind the comma or bracket that ends the last. */
  readonly #starts: Uint32Array;
  readonly #numbers: InputBlock["numbers"];

  constructor(kind: ChunkKind, block: Uint8Array) {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    this.#kind = kind;
    this.#bytes = bytes;
    this.#starts = startsOf(bytes);
    this.length = this.#starts.length - 1;
    const rest = bytes.toString("utf8", this.#starts[this.length] ?? 0);
    this.#numbers = (JSON.parse(`{${rest.slice(1)}`) as InputBlock).numbers;
  }

  at(position: number): PlannedInput | undefined {
    const start = this.#starts[position];
    const next = this.#starts[position + 1];
    if (start === undefined || next === undefined) return undefined;
    return toPlannedInput(this.#kind, this.#entry(start, next - 1), this.#indexOf(position));
  }

  #entry(start: number, end: number): BlockEntry {
    const text = this.#bytes.toString("utf8", start, end);
    const isPlain = this.#bytes[start] === quote && !text.includes("\\");
    return isPlain ? text.slice(1, -1) : (JSON.parse(text) as BlockEntry);
  }

  #indexOf(position: number): number {
    let left = position;
    for (const [first, last] of this.#numbers) {
      if (first + left <= last) return first + left;
      left -= last - first + 1;
    }
    return position;
  }
}

/** Finds the entries of a block; it is JSON that was written here, so that nothing but strings and lists is in it. */
function startsOf(bytes: Buffer): Uint32Array {
  const starts = [blockHead.length];
  let depth = 1;
  for (let at = blockHead.length; depth > 0 && at < bytes.length; at++) {
    const code = bytes[at];
    if (code === quote) at = endOfString(bytes, at);
    else if (code === openList) depth++;
    else if (code === closeList) depth--;
    if (depth === 0 || (code === comma && depth === 1)) starts.push(at + 1);
  }
  return Uint32Array.from(starts);
}

/** The place of the quote that ends the string that one begins. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
