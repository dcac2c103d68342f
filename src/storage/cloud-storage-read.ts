import { StorageError } from "../errors/index.ts";
import { checkName } from "./check-name.ts";
import type { CloudStorageConnection } from "./cloud-storage-connection.ts";
import { CutShortError, fromCloudError } from "./cloud-storage-errors.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { objectPath } from "./json-api-paths.ts";
import type { HttpAnswer, HttpHeaders } from "./http-client.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { ReadOptions } from "./object-store.ts";
import { checkRange } from "./read-range.ts";

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

/**
 * The stored bytes of an object; the connection is closed when the reader breaks off or is aborted. It
 * is one generator over all that takes part: each between the connection and the reader would cost
 * awaits and garbage for every part.
 * @throws StorageError, or the signal's reason.
 */
export async function* readCloudObject(
  connect: () => Promise<CloudStorageConnection>,
  uri: string,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { start = 0, end, generation, signal } = options;
  signal?.throwIfAborted();
  checkRange(uri, { start, end });
  checkName(uri);
  const isWhole = start === 0 && end === undefined;
  const progress: Progress = {
    at: start,
    end: end === undefined ? Infinity : end + 1,
    generation,
    expected: undefined,
    crc: 0,
  };
  try {
    const connection = await connect();
    const retry = connection.newRetry();
    while (progress.at < progress.end) {
      const reading = new RequestedParts(connection, uri, { progress, signal });
      try {
        for (;;) {
          const part = await reading.next();
          if (part === undefined) break;
          retry.reset();
          progress.at += part.length;
          if (isWhole) progress.crc = crc32c(part, progress.crc);
          yield part;
          signal?.throwIfAborted();
        }
      } catch (error) {
        signal?.throwIfAborted();
        await retry.afterFailure(error, signal);
      } finally {
        await reading.close();
      }
    }
    if (isWhole) checkContent(uri, progress);
  } catch (error) {
    signal?.throwIfAborted();
    throw fromCloudError(error, uri);
  }
}

/** What one request brings, from where the read has come to. */
class RequestedParts {
  readonly #connection: CloudStorageConnection;
  readonly #uri: string;
  readonly #progress: Progress;
  readonly #watch: IdleWatch;
  #body: AsyncIterator<Uint8Array> | undefined;
  /** The place in the object of what comes next. */
  #position = 0;

  constructor(
    connection: CloudStorageConnection,
    uri: string,
    { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal | undefined },
  ) {
    this.#connection = connection;
    this.#uri = uri;
    this.#progress = progress;
    this.#watch = new IdleWatch(connection.idleTimeoutMs, signal);
  }

  /** The next part; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    try {
      for (;;) {
        this.#watch.start();
        this.#body ??= await this.#open();
        const next = await this.#body.next();
        this.#watch.stop();
        if (next.done === true) {
          this.#checkEnd();
          return undefined;
        }
        const wanted = this.#wanted(next.value);
        if (wanted.length > 0) return wanted;
      }
    } catch (error) {
      throw this.#watch.timeout ?? error;
    }
  }

  /** Closes the connection, unless the answer has come whole. */
  async close(): Promise<void> {
    try {
      // Before the request is aborted: of what has failed by that, some bodies cannot be left any more.
      await this.#body?.return?.();
    } finally {
      this.#watch.close();
    }
  }

  async #open(): Promise<AsyncIterator<Uint8Array>> {
    const progress = this.#progress;
    const { signal } = this.#watch;
    const response = await request(this.#connection, this.#uri, { progress, signal });
    noteHeaders(progress, response);
    // A server that does not know ranges begins at the first byte.
    this.#position = response.status === 206 ? progress.at : 0;
    return response.body[Symbol.asyncIterator]();
  }

  #wanted(part: Uint8Array): Uint8Array {
    const { at, end } = this.#progress;
    const from = Math.max(0, at - this.#position);
    const to = Math.max(from, end - this.#position);
    this.#position += part.length;
    return from === 0 && to >= part.length ? part : part.subarray(from, to);
  }

  #checkEnd(): void {
    const progress = this.#progress;
    if (progress.end === Infinity) progress.end = progress.at;
    if (progress.at < progress.end) throw new CutShortError(progress.at, progress.end);
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
