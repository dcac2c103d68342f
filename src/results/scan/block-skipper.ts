import { blockBytes, blockSkipperModule, place, windowBytes } from "./block-skipper-module.ts";
import type { Chunk } from "./chunk.ts";

/** Where a scan is: in how many brackets, in a string or not, behind a backslash or not. */
export interface ScanState {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/** Skips JSON by WebAssembly's vectors, some times faster than byte by byte. */
export class BlockSkipper {
  readonly #run: SkipperExports["run"];
  readonly #state: Int32Array;
  readonly #window: Uint8Array;
  /** The chunk, and its place, from which the bytes in memory are. */
  #chunk: Chunk | undefined;
  #start = 0;

  /** @param exports those of {@link blockSkipperModule}. */
  private constructor(exports: SkipperExports) {
    const { buffer } = exports.memory;
    this.#run = exports.run;
    this.#state = new Int32Array(buffer, 0, place.window / 4);
    this.#window = new Uint8Array(buffer, place.window, windowBytes);
  }

  /** A skipper; undefined where there is no WebAssembly, as with `--jitless`. */
  static create(): BlockSkipper | undefined {
    const { WebAssembly } = globalThis as unknown as WithWebAssembly;
    if (WebAssembly === undefined) return undefined;
    const module = new WebAssembly.Module(blockSkipperModule());
    return new BlockSkipper(new WebAssembly.Instance(module).exports);
  }

  /**
   * Goes on from a place of a chunk, and returns where it stopped, at the end or before brackets that may
   * end the value or nest deeper than `limit`; the state is then that of this place.
   */
  skip(chunk: Chunk, at: number, { state, limit }: SkipFrom): number {
    this.#state[place.depth / 4] = state.depth;
    this.#state[place.limit / 4] = limit;
    this.#state[place.inString / 4] = state.inString ? -1 : 0;
    this.#state[place.escaped / 4] = state.escaped ? 1 : 0;
    const length = chunk.bytes.length;
    let next = at;
    for (;;) {
      this.#load(chunk, next);
      const toMemory = place.window - this.#start;
      const end = Math.min(length, this.#start + windowBytes);
      next = this.#run(next + toMemory, end + toMemory) - toMemory;
      if (next + blockBytes <= end || next + blockBytes > length) break;
    }
    state.depth = this.#state[place.depth / 4] ?? 0;
    state.inString = this.#state[place.inString / 4] !== 0;
    // Outside of strings a backslash is a fault, and escapes nothing.
    state.escaped = state.inString && this.#state[place.escaped / 4] !== 0;
    return next;
  }

  /** Sees to it that the block at a place is in memory. */
  #load(chunk: Chunk, at: number): void {
    const isThere =
      this.#chunk === chunk && at >= this.#start && at + blockBytes <= this.#start + windowBytes;
    if (isThere) return;
    this.#window.set(chunk.bytes.subarray(at, at + windowBytes));
    this.#chunk = chunk;
    this.#start = at;
  }
}

interface SkipperExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: (at: number, end: number) => number;
}

/** What is used of WebAssembly, which the types of Node do not tell of. */
interface WithWebAssembly {
  readonly WebAssembly?: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: SkipperExports };
  };
}

interface SkipFrom {
  readonly state: ScanState;
  readonly limit: number;
}
