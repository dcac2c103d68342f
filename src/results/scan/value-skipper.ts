import { byte } from "./json-bytes.ts";
import { ScanFault } from "./scan-fault.ts";

/** What a byte is outside of strings. */
const kind = { other: 0, quote: 1, open: 2, close: 3 } as const;

const kindOf = new Uint8Array(256);
kindOf[byte.quote] = kind.quote;
kindOf[byte.openList] = kind.open;
kindOf[byte.openObject] = kind.open;
kindOf[byte.closeList] = kind.close;
kindOf[byte.closeObject] = kind.close;

/** A part of a document, with a view of it that reads several bytes at once. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The place of its first byte in the document. */
  readonly offset: number;
}

/** A chunk of these bytes. */
export function toChunk(bytes: Uint8Array, offset: number): Chunk {
  return { bytes, offset, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/**
 * Finds the end of strings, lists and objects without building them, over any number of chunks. That
 * strings end and brackets fit is checked; what stands between them is not.
 */
export class ValueSkipper {
  /** The brackets that are open, each as its byte. */
  readonly #open: Uint8Array;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** `maxDepth` bounds the lists and objects in each other. */
  constructor(maxDepth: number) {
    this.#open = new Uint8Array(maxDepth + 1);
  }

  #limit = 0;
  #tooDeepAt = -1;

  /** The first bracket that is nested too deep, as its place in the document; -1 where none is. */
  get tooDeepAt(): number {
    return this.#tooDeepAt;
  }

  /** Begins a value in which `limit` brackets may be open at once; what nests deeper is skipped too, its brackets only counted. */
  begin(limit: number): void {
    this.#limit = limit;
    this.#tooDeepAt = -1;
  }

  /**
   * Goes on from `at`: at first the value's first byte, then the start of each further chunk. Returns
   * the place behind the value, or -1 where the value goes on behind the chunk.
   * @throws {@link ScanFault} where brackets do not fit.
   */
  run(chunk: Chunk, at: number): number {
    const { bytes, view } = chunk;
    const end = bytes.length;
    const open = this.#open;
    const limit = this.#limit;
    let depth = this.#depth;
    let next = at;
    if (this.#inString) {
      next = this.#skipString(chunk, next);
      if (next < 0 || depth === 0) return next;
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
        next = this.#skipString(chunk, next);
        if (next < 0 || depth === 0) {
          this.#depth = depth;
          return next;
        }
      } else if (found === kind.open) {
        if (++depth <= limit) open[depth] = code;
        else if (this.#tooDeepAt < 0) this.#tooDeepAt = chunk.offset + next - 1;
      } else {
        // Both closing brackets come two behind their opening ones.
        if (depth <= limit && open[depth] !== code - 2) {
          throw new ScanFault("a bracket that was not opened is closed", chunk.offset + next - 1);
        }
        if (--depth === 0) {
          this.#depth = 0;
          return next;
        }
      }
    }
    this.#depth = depth;
    return -1;
  }

  /** Goes on from `at`, within a string, to behind it; -1 where it goes on behind the chunk. */
  #skipString({ bytes, view }: Chunk, at: number): number {
    const end = bytes.length;
    let next = this.#escaped ? at + 1 : at;
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
        this.#inString = this.#escaped = false;
        return next + 1;
      }
      next += code === byte.backslash ? 2 : 1;
    }
    this.#inString = true;
    this.#escaped = next > end;
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
