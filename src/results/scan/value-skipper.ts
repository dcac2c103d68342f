import { BlockSkipper, type ScanState } from "./block-skipper.ts";
import type { Chunk } from "./chunk.ts";
import { byte } from "./json-bytes.ts";

/** What a byte is outside of strings. */
const kind = { other: 0, quote: 1, open: 2, close: 3 } as const;

const kindOf = new Uint8Array(256);
kindOf[byte.quote] = kind.quote;
kindOf[byte.openList] = kind.open;
kindOf[byte.openObject] = kind.open;
kindOf[byte.closeList] = kind.close;
kindOf[byte.closeObject] = kind.close;

/** Values are mostly short, and blocks pay for longer ones only: so much is looked at byte by byte first. */
const bytesBeforeBlocks = 512;
const bytesBetweenBlocks = 64;

let blocks: { readonly skipper: BlockSkipper | undefined } | undefined;

/**
 * Finds the end of strings, lists and objects without building them, over any number of chunks. That
 * strings end and as many brackets are closed as were opened is checked, and nothing else.
 */
export class ValueSkipper {
  readonly #state: ScanState = { depth: 0, inString: false, escaped: false };
  #limit = 0;
  #tooDeepAt = -1;
  #hasEnded = false;

  /** The first bracket that is nested too deep, as its place in the document; -1 where none is. */
  get tooDeepAt(): number {
    return this.#tooDeepAt;
  }

  /** Begins a value in which `limit` brackets may be open at once. */
  begin(limit: number): void {
    this.#limit = limit;
    this.#tooDeepAt = -1;
  }

  /**
   * Goes on from `at`: at first the value's first byte, then the start of each further chunk. Returns
   * the place behind the value, or -1 where the value goes on behind the chunk.
   */
  run(chunk: Chunk, at: number): number {
    const { length } = chunk.bytes;
    let next = at;
    for (let count = bytesBeforeBlocks; ; count = bytesBetweenBlocks) {
      const isRest = length - next < 2 * count;
      next = this.#skipBytes(chunk, next, isRest ? length : next + count);
      if (this.#hasEnded) return next;
      if (isRest) return -1;
      blocks ??= { skipper: BlockSkipper.create() };
      next = blocks.skipper?.skip(chunk, next, { state: this.#state, limit: this.#limit }) ?? next;
    }
  }

  /** Goes on to a place, or to the end of the value. */
  #skipBytes(chunk: Chunk, at: number, end: number): number {
    const { bytes, view, offset } = chunk;
    const state = this.#state;
    const limit = this.#limit;
    let { depth } = state;
    let next = at;
    this.#hasEnded = false;
    if (state.inString) {
      next = this.#skipString(chunk, next, end);
      this.#hasEnded = next >= 0 && depth === 0;
      if (next < 0) return end;
      if (this.#hasEnded) return next;
    }
    while (next < end) {
      // Four bytes from `0` to `?` at once: none of them is a bracket or a quote.
      if (next + 4 <= end && (view.getInt32(next, true) & 0xf0f0f0f0) === digits) {
        next += 4;
        continue;
      }
      const code = bytes[next++] ?? 0;
      const found = kindOf[code];
      if (found === kind.other) continue;
      if (found === kind.quote) {
        const behind = this.#skipString(chunk, next, end);
        next = behind < 0 ? end : behind;
        if (behind >= 0 && depth > 0) continue;
        this.#hasEnded = behind >= 0;
        break;
      } else if (found === kind.open) {
        if (++depth > limit && this.#tooDeepAt < 0) this.#tooDeepAt = offset + next - 1;
      } else if (--depth === 0) {
        this.#hasEnded = true;
        break;
      }
    }
    state.depth = depth;
    return next;
  }

  /** Goes on within a string to behind it; -1 where it goes on behind the end of what is to be looked at. */
  #skipString({ bytes, view }: Chunk, at: number, end: number): number {
    const state = this.#state;
    let next = state.escaped ? at + 1 : at;
    while (next < end) {
      if (next + 4 <= end) {
        const found = quotesAndBackslashes(view.getInt32(next, true));
        if (found === 0) {
          next += 4;
          continue;
        }
        next += (31 - Math.clz32(found & -found)) >> 3;
      }
      const code = bytes[next];
      if (code === byte.quote) {
        state.inString = state.escaped = false;
        return next + 1;
      }
      next += code === byte.backslash ? 2 : 1;
    }
    state.inString = true;
    state.escaped = next > end;
    return -1;
  }
}

const digits = 0x30303030;

/** The high bit of each byte of four that is a quote or a backslash; false ones only behind a true one. */
function quotesAndBackslashes(four: number): number {
  const quotes = four ^ 0x22222222;
  const backslashes = four ^ 0x5c5c5c5c;
  return (
    (((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes)) & 0x80808080
  );
}
