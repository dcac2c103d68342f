import { StorageError } from "../errors/index.ts";
import type { CloudStorageConnection } from "./cloud-storage-connection.ts";
import { CutShortError } from "./cloud-storage-errors.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { objectPath } from "./json-api-paths.ts";
import type { HttpAnswer, HttpHeaders } from "./http-client.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { ReadOptions } from "./object-store.ts";

/** How far a read has come, over all its requests. */
interface Progress {
  /** The next byte. */
  at: number;
  /** The end, exclusive; known with the first answer. */
  end: number;
  generation: string | undefined;
  /** The CRC32C that the content should have; undefined where it is not to be checked. */
  expected: string | undefined;
  crc: number;
}

/** The stored bytes of an object; the connection is closed when the reader breaks off or is aborted. */
export async function* readCloudObject(
  connection: CloudStorageConnection,
  uri: string,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { start = 0, end, generation, signal } = options;
  const isWhole = start === 0 && end === undefined;
  const progress: Progress = {
    at: start,
    end: end === undefined ? Infinity : end + 1,
    generation,
    expected: undefined,
    crc: 0,
  };
  const retry = connection.newRetry();
  while (progress.at < progress.end) {
    try {
      for await (const chunk of readOnce(connection, uri, { progress, signal })) {
        retry.reset();
        progress.at += chunk.length;
        if (isWhole) progress.crc = crc32c(chunk, progress.crc);
        yield chunk;
        signal?.throwIfAborted();
      }
    } catch (error) {
      signal?.throwIfAborted();
      await retry.afterFailure(error, signal);
    }
  }
  if (isWhole) checkContent(uri, progress);
}

/** What one request brings, from where the read has come to. */
async function* readOnce(
  connection: CloudStorageConnection,
  uri: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array, void, undefined> {
  const watch = new IdleWatch(connection.idleTimeoutMs, signal);
  try {
    watch.start();
    const response = await request(connection, uri, { progress, signal: watch.signal });
    noteHeaders(progress, response);
    // A server that does not know ranges begins at the first byte.
    let position = response.status === 206 ? progress.at : 0;
    for await (const chunk of response.body) {
      watch.stop();
      const from = Math.max(0, progress.at - position);
      const wanted = chunk.subarray(from, Math.max(from, progress.end - position));
      position += chunk.length;
      if (wanted.length > 0) yield wanted;
      watch.start();
    }
    if (progress.end === Infinity) progress.end = progress.at;
    if (progress.at < progress.end) throw new CutShortError(progress.at, progress.end);
  } catch (error) {
    throw watch.timeout ?? error;
  } finally {
    watch.close();
  }
}

function request(
  connection: CloudStorageConnection,
  uri: string,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const { at, end, generation } = progress;
  const isRange = at > 0 || end !== Infinity;
  const range = `bytes=${at}-${end === Infinity ? "" : end - 1}`;
  return connection.send(
    {
      method: "GET",
      path: objectPath(uri),
      query: { alt: "media", generation },
      // Without it the service would unzip what is stored compressed.
      headers: { "accept-encoding": "gzip", ...(isRange ? { range } : {}) },
      signal,
    },
    [416],
  );
}

function noteHeaders(progress: Progress, { status, headers }: HttpAnswer): void {
  if (status === 416) {
    progress.end = progress.at;
    return;
  }
  progress.generation ??= headers.get("x-goog-generation") ?? undefined;
  progress.expected ??= storedCrc32c(headers);
  const length = headers.get("content-length");
  const total = Number(headers.get("content-range")?.split("/")[1] ?? length);
  if (length !== null) progress.end = Math.min(progress.end, total);
}

/** The CRC32C of what is sent; undefined where that is not what is stored. */
function storedCrc32c(headers: HttpHeaders): string | undefined {
  const stored = headers.get("x-goog-stored-content-encoding");
  const isUnzipped = stored === "gzip" && headers.get("content-encoding") !== "gzip";
  if (isUnzipped) return undefined;
  return /(?:^|,)\s*crc32c=([^,\s]+)/.exec(headers.get("x-goog-hash") ?? "")?.[1];
}

function checkContent(uri: string, { crc, expected }: Progress): void {
  if (expected === undefined || expected === formatCrc32c(crc)) return;
  const message = `${uri} came with the CRC32C ${formatCrc32c(crc)}, not ${expected}: read it again`;
  throw new StorageError(message, { reason: "corrupt", uri });
}
