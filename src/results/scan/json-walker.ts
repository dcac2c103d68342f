import { ByteSink } from "./byte-sink.ts";
import { beginsScalar, byte, describeByte, isOfScalar, isSpace } from "./json-bytes.ts";
import { ScanFault } from "./scan-fault.ts";
import type { Chunk } from "./chunk.ts";
import { ValueSkipper } from "./value-skipper.ts";

/** Decides over the values of a document and takes what it wants of them. */
export interface JsonVisitor {
  /** A member of the object that was entered last has this key, quotes and escapes included, until the next one. */
  key(key: ByteSink, offset: number): void;
  /** A value begins with a byte. Lists and objects may be entered; what is kept comes to `keep`. */
  value(first: number, offset: number): "enter" | "keep" | "skip";
  /** The next bytes of a value that is kept. */
  keep(chunk: Chunk, start: number, end: number): void;
  /** The list or object that was entered last ends with a byte. */
  leave(code: number, offset: number): void;
  /** A value has ended, whatever was decided over it. */
  ended(): void;
  /** A value that has ended nests too deep: what is in it was only counted. */
  tooDeep(offset: number): void;
  /** A list or object begins that nests too deep itself: it is skipped. */
  refused(offset: number): "skip";
}

type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

const maxKeyBytes = 64 * 1024;

/** Walks through a JSON document that comes in pieces of any size, as deep as its visitor enters. */
export class JsonWalker {
  readonly #visitor: JsonVisitor;
  readonly #maxDepth: number;
  readonly #skipper: ValueSkipper;
  readonly #key = new ByteSink(maxKeyBytes, "a key is too long");
  /** Of each value that was entered, whether it is a list. */
  readonly #entered: boolean[] = [];
  #expected: Expected = "value";
  #within: "nothing" | "container" | "scalar" | "key" = "nothing";
  #isKept = false;
  /** How many values have ended. */
  #ended = 0;

  /** `maxDepth` bounds the lists and objects in each other. */
  constructor(visitor: JsonVisitor, maxDepth: number) {
    this.#visitor = visitor;
    this.#maxDepth = maxDepth;
    this.#skipper = new ValueSkipper();
  }

  /**
   * Goes on from `at` until a value has ended, whatever was decided over it, or the chunk has. Returns
   * the place that it came to.
   * @throws {@link ScanFault}
   */
  advance(chunk: Chunk, at: number): number {
    let next = at;
    const before = this.#ended;
    while (next < chunk.bytes.length && this.#ended === before) {
      if (this.#within === "nothing") next = this.#step(chunk, next);
      else if (this.#within === "key") next = this.#readKey(chunk, next);
      else if (this.#within === "scalar") next = this.#readScalar(chunk, next);
      else next = this.#readContainer(chunk, next);
    }
    return next;
  }

  /** @throws {@link ScanFault} unless the document is whole. */
  end(offset: number): void {
    if (this.#expected !== "nothing") throw new ScanFault("it ends too early", offset);
  }

  #step({ bytes, offset }: Chunk, at: number): number {
    const code = bytes[at] ?? 0;
    if (isSpace(code)) return at + 1;
    const here = offset + at;
    const isList = this.#entered.at(-1) === true;
    switch (this.#expected) {
      case "value":
        return this.#begin(code, here) ? at + 1 : at;
      case "valueOrEnd":
        if (code === byte.closeList) return this.#leave(code, here, at);
        return this.#begin(code, here) ? at + 1 : at;
      case "keyOrEnd":
        if (code === byte.closeObject) return this.#leave(code, here, at);
        return this.#beginKey(code, here, at);
      case "key":
        return this.#beginKey(code, here, at);
      case "colon":
        if (code !== byte.colon) throw unexpected(code, "a colon", here);
        this.#expected = "value";
        return at + 1;
      case "commaOrEnd":
        if (code === (isList ? byte.closeList : byte.closeObject))
          return this.#leave(code, here, at);
        if (code !== byte.comma) throw unexpected(code, "a comma or the end", here);
        this.#expected = isList ? "value" : "key";
        return at + 1;
      case "nothing":
        throw unexpected(code, "nothing more", here);
    }
  }

  /** Whether the value was entered. */
  #begin(code: number, here: number): boolean {
    const isList = code === byte.openList;
    const isContainer = isList || code === byte.openObject;
    if (!isContainer && code !== byte.quote && !beginsScalar(code)) {
      throw unexpected(code, "a value", here);
    }
    const isFull = isContainer && this.#entered.length >= this.#maxDepth;
    const use = isFull ? this.#visitor.refused(here) : this.#visitor.value(code, here);
    if (use === "enter") {
      this.#entered.push(isList);
      this.#expected = isList ? "valueOrEnd" : "keyOrEnd";
      return true;
    }
    this.#isKept = use === "keep";
    this.#within = isContainer || code === byte.quote ? "container" : "scalar";
    this.#skipper.begin(this.#maxDepth - this.#entered.length);
    return false;
  }

  #beginKey(code: number, here: number, at: number): number {
    if (code !== byte.quote) throw unexpected(code, "a key", here);
    this.#key.clear();
    this.#skipper.begin(0);
    this.#within = "key";
    return at;
  }

  #readKey(chunk: Chunk, at: number): number {
    const found = this.#skipper.run(chunk, at);
    const stop = found < 0 ? chunk.bytes.length : found;
    this.#key.add(chunk, at, stop);
    if (this.#key.fault !== undefined) throw this.#key.fault;
    if (found < 0) return stop;
    this.#within = "nothing";
    this.#expected = "colon";
    this.#visitor.key(this.#key, this.#key.originOf(0));
    return stop;
  }

  #readContainer(chunk: Chunk, at: number): number {
    const found = this.#skipper.run(chunk, at);
    const stop = found < 0 ? chunk.bytes.length : found;
    if (this.#isKept) this.#visitor.keep(chunk, at, stop);
    if (found < 0) return stop;
    if (this.#skipper.tooDeepAt >= 0) this.#visitor.tooDeep(this.#skipper.tooDeepAt);
    this.#endValue();
    return stop;
  }

  #readScalar(chunk: Chunk, at: number): number {
    const { bytes } = chunk;
    let stop = at;
    while (stop < bytes.length && isOfScalar(bytes[stop] ?? 0)) stop++;
    if (this.#isKept) this.#visitor.keep(chunk, at, stop);
    if (stop < bytes.length) this.#endValue();
    return stop;
  }

  #leave(code: number, here: number, at: number): number {
    this.#entered.pop();
    this.#visitor.leave(code, here);
    this.#endValue();
    return at + 1;
  }

  #endValue(): void {
    this.#within = "nothing";
    this.#expected = this.#entered.length === 0 ? "nothing" : "commaOrEnd";
    this.#ended++;
    this.#visitor.ended();
  }
}

function unexpected(code: number, expected: string, offset: number): ScanFault {
  return new ScanFault(`expected ${expected}, found ${describeByte(code)}`, offset);
}
