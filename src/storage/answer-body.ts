import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { freePart } from "./given-parts.ts";

type Next = IteratorResult<Uint8Array, undefined>;

/** How much of an answer may wait for its reader; the rest stays with the connection. */
const maxWaitingBytes = 256 * 1024;

/**
 * The bytes of an answer, in the parts in which they come. Iterating the answer itself does the same, and
 * makes several times as much garbage a part, which outweighs the work on large objects. What the socket
 * had read is freed once the parser has copied the part of the body that is in it: left to be found unused,
 * it would be as much garbage as the whole content.
 */
export class AnswerBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #answer: IncomingMessage;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** What the parts that came since the socket last read stand in; undefined where none came. */
  #lastBuffer: ArrayBufferLike | undefined;
  /** Gone where all has come before anybody asked. */
  #socket: Socket | null = null;
  #reader: PromiseWithResolvers<Next> | undefined;
  #hasBegun = false;
  #hasEnded = false;
  #error: Error | undefined;

  constructor(answer: IncomingMessage) {
    this.#answer = answer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Next> {
    if (!this.#hasBegun) this.#begin();
    const value = this.#waiting.shift();
    if (value !== undefined) {
      this.#waitingBytes -= value.length;
      if (this.#answer.isPaused() && this.#waitingBytes === 0) this.#answer.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    this.#reader = Promise.withResolvers<Next>();
    return this.#reader.promise;
  }

  /** Closes the connection, unless the answer has come whole. */
  return(): Promise<Next> {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#end(undefined);
    this.#answer.destroy();
    return Promise.resolve({ done: true, value: undefined });
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#answer.on("data", (part: Uint8Array) => {
      this.#add(part);
    });
    this.#answer.on("end", () => {
      this.#end(undefined);
    });
    this.#answer.on("error", (error) => {
      this.#end(error);
    });
    this.#answer.on("close", () => {
      this.#cutOff();
    });
    if (this.#answer.destroyed) this.#cutOff();
    else this.#hear(this.#answer.socket);
  }

  #hear(socket: Socket | null): void {
    this.#socket = socket;
    socket?.on("data", this.#freeRead);
  }

  /** Called behind the parser. Parts that wait unseen, or were not copied, keep what was read. */
  readonly #freeRead = (read: Uint8Array): void => {
    const isCopied = this.#lastBuffer !== undefined && this.#lastBuffer !== read.buffer;
    this.#lastBuffer = undefined;
    if (isCopied && !this.#answer.isPaused()) freePart(read);
  };

  #add(value: Uint8Array): void {
    this.#lastBuffer = value.buffer;
    if (this.#hasEnded) return;
    const reader = this.#takeReader();
    if (reader !== undefined) {
      reader.resolve({ done: false, value });
      return;
    }
    this.#waiting.push(value);
    this.#waitingBytes += value.length;
    if (this.#waitingBytes >= maxWaitingBytes) this.#answer.pause();
  }

  #end(error: Error | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    this.#socket?.off("data", this.#freeRead);
    const reader = this.#takeReader();
    if (error === undefined) reader?.resolve({ done: true, value: undefined });
    else reader?.reject(error);
  }

  #cutOff(): void {
    // Every answer is closed, and an error costs a trace of the stack.
    if (this.#hasEnded) return;
    const message = "the connection was closed before the answer was whole";
    this.#end(Object.assign(new Error(message), { code: "ERR_STREAM_PREMATURE_CLOSE" }));
  }

  #takeReader(): PromiseWithResolvers<Next> | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    return reader;
  }
}
