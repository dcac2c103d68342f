import { Readable } from "node:stream";
import { VisionBatchError } from "../errors/index.ts";
import { abortable } from "../transport/index.ts";
import { isBytes } from "./file-type.ts";

/** What is read chunk by chunk; that the chunks are bytes is checked. */
export type ByteStream = AsyncIterable<unknown> | ReadableStream<unknown>;

/** More came than may be kept. */
export const tooMuch: unique symbol = Symbol("tooMuch");

/**
 * Reads a stream of bytes to its end, or no further than `maxBytes`. Whatever ends the reading early
 * lets go of the stream: a Readable is destroyed, others are told by `return()` or `cancel()`.
 * @throws VisionBatchError for chunks that are no bytes; what the stream throws; the signal's reason.
 */
export async function collectBytes(
  stream: ByteStream,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array | typeof tooMuch> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const iterator = iteratorOf(stream);
  let isAtEnd = false;
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal);
      isAtEnd = next.done === true;
      if (isAtEnd) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (!isBytes(next.value))
        throw new VisionBatchError("the stream has chunks that are no bytes");
      size += next.value.length;
      if (size > maxBytes) return tooMuch;
      chunks.push(next.value);
    }
  } finally {
    if (!isAtEnd) release(stream, iterator);
  }
}

/** A web stream is read by a reader, whose `cancel` waits for no read as `return` of an iterator does. */
function iteratorOf(stream: ByteStream): AsyncIterator<unknown> {
  if (!("getReader" in stream)) return stream[Symbol.asyncIterator]();
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** Without waiting: a read that hangs would hold up the release as well. */
function release(stream: ByteStream, iterator: AsyncIterator<unknown>): void {
  if (stream instanceof Readable) stream.destroy();
  Promise.resolve(iterator.return?.()).catch(() => undefined);
}
