import { Readable } from "node:stream";

/** What has been read of a body. */
export interface ReadBody {
  /** Written anew each time that it is asked for. */
  readonly text: string;
  /** False where there is more than was to be read. */
  readonly isWhole: boolean;
}

/** Reads a body as UTF-8 up to so many bytes; the rest is not read, and its connection closed. */
export async function readBody(body: Readable, maxBytes: number): Promise<ReadBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const left = maxBytes - size;
    chunks.push(chunk.subarray(0, left));
    size += chunk.byteLength;
    if (chunk.byteLength > left) break;
  }
  return {
    get text() {
      return Buffer.concat(chunks).toString("utf8");
    },
    isWhole: size <= maxBytes,
  };
}

/** The body of any implementation of fetch as a Node stream. */
export function toReadable(body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (body instanceof ReadableStream) return Readable.fromWeb(body as never);
  return Readable.from([]);
}
