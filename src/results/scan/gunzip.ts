import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ScanFault } from "./scan-fault.ts";

const chunkSize = 256 * 1024;

/**
 * Unzips chunks of gzip; leaving it leaves the chunks.
 * @throws {@link ScanFault} where they are damaged, with the place in what was unzipped.
 */
export async function* throughGunzip(
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
