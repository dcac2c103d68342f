import type { Chunk } from "./chunk.ts";
import { ScanFault } from "./scan-fault.ts";

const firstCapacity = 1024;
/** Up to so many bytes are copied one by one: a view of them would cost more, and be garbage. */
const fewBytes = 192;

/** Collects parts of a document, and tells where in it each of their bytes stood. */
export class ByteSink {
  /** Why what was collected is not all, where it is not. */
  fault: ScanFault | undefined;
  readonly #maxBytes: number;
  readonly #problem: string;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Pairs: a place here, and the place in the document from which was copied there; the list is used again. */
  readonly #origins: number[] = [];
  #originsEnd = 0;
  /** Where the next byte would have stood, were it the next one of the document. */
  #expected = -1;

  /** Beyond `maxBytes` nothing is collected, and `fault` tells the problem. */
  constructor(maxBytes: number, problem: string) {
    this.#maxBytes = maxBytes;
    this.#problem = problem;
  }

  get length(): number {
    return this.#length;
  }

  /** What was collected, until the next change. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was collected from one place to another, as text. */
  text(start: number, end: number): string {
    return this.#bytes.toString("utf8", start, end);
  }

  /** Whether a byte of this code was collected. */
  includes(code: number): boolean {
    for (let at = 0; at < this.#length; at++) if (this.#bytes[at] === code) return true;
    return false;
  }

  clear(): void {
    this.#length = 0;
    this.#originsEnd = 0;
    this.#expected = -1;
    this.fault = undefined;
  }

  /** Adds the bytes of a chunk from `start` to `end`. */
  add({ bytes, offset }: Chunk, start: number, end: number): void {
    const origin = offset + start;
    const count = end - start;
    if (!this.#makeRoom(count, origin)) return;
    if (count > fewBytes) this.#bytes.set(bytes.subarray(start, end), this.#length);
    else {
      for (let at = start, to = this.#length; at < end; at++, to++) {
        this.#bytes[to] = bytes[at] ?? 0;
      }
    }
    this.#note(origin, count);
    this.#length += count;
  }

  /** Adds what another one has collected in one piece, few bytes that stand at `origin` of the document. */
  addAll(other: ByteSink, origin: number): void {
    const { length } = other;
    if (!this.#makeRoom(length, origin)) return;
    const from = other.#bytes;
    for (let at = 0, to = this.#length; at < length; at++, to++) this.#bytes[to] = from[at] ?? 0;
    this.#note(origin, length);
    this.#length += length;
  }

  /** Adds one byte. */
  addByte(code: number, origin: number): void {
    this.#reserve(this.#length + 1);
    this.#bytes[this.#length] = code;
    this.#note(origin, 1);
    this.#length += 1;
  }

  /** Where in the document the byte at a place here stood. */
  originOf(place: number): number {
    const origins = this.#origins;
    let at = this.#originsEnd - 2;
    while (at > 0 && (origins[at] ?? 0) > place) at -= 2;
    return at < 0 ? place : (origins[at + 1] ?? 0) + place - (origins[at] ?? 0);
  }

  #note(origin: number, count: number): void {
    if (origin !== this.#expected) {
      this.#origins[this.#originsEnd++] = this.#length;
      this.#origins[this.#originsEnd++] = origin;
    }
    this.#expected = origin + count;
  }

  /** Whether so many bytes more may be collected; if so there is room for them. */
  #makeRoom(count: number, origin: number): boolean {
    const length = this.#length + count;
    if (length > this.#maxBytes) this.fault ??= new ScanFault(this.#problem, origin);
    if (this.fault !== undefined) return false;
    this.#reserve(length);
    return true;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(firstCapacity, length, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
