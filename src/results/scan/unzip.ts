import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ScanFault } from "./scan-fault.ts";

const chunkSize = 256 * 1024;

/**
 * The bytes that chunks hold, unzipped where they begin as gzip does: what a store tells of their
 * encoding may be wrong. Leaving it leaves the chunks.
 * @throws {@link ScanFault} where they are damaged, with the place in what was unzipped.
 */
export async function* unzipped(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const head = await readHead(iterator);
    const all = rejoined(head, iterator);
    if (head[0] === 0x1f && head[1] === 0x8b) yield* throughGunzip(all);
    else yield* all;
  } finally {
    await iterator.return?.();
  }
}

/** The first bytes: two at least, where there are as many. */
async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoined(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* throughGunzip(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize });
  const feeding = pipeline(chunks, gunzip);
  // What fails in the feeding ends the reading too, which reports it.
  feeding.catch(() => undefined);
  let length = 0;
  try {
    for await (const part of gunzip as AsyncIterable<Uint8Array>) {
      length += part.length;
      yield part;
    }
    await feeding;
  } catch (error) {
    throw toFault(error, length);
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
}

function toFault(error: unknown, offset: number): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  if (code.startsWith("Z_")) return new ScanFault(error.message, offset);
  // The unzipped content has ended while more came.
  const hasMore = code === "ERR_STREAM_PREMATURE_CLOSE";
  return hasMore ? new ScanFault("something follows its gzip content", offset) : error;
}
