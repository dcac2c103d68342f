import { StorageError } from "../errors/index.ts";
import type { CloudStorageConnection } from "./cloud-storage-connection.ts";
import { HttpStatusError } from "./cloud-storage-errors.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { objectPath, uploadPath } from "./json-api-paths.ts";
import { parseObjectUri } from "./gs-uri.ts";
import type { WriteOptions } from "./object-store.ts";
import { beginUpload, sendPieces } from "./resumable-upload.ts";
import { uploadPieces } from "./upload-pieces.ts";

/** What does not fit is uploaded in pieces of this size, so that a lost connection costs one of them. */
const pieceBytes = 8 * 1024 * 1024;

/** The resource of an object, as the JSON API shows it. */
export type ObjectResource = Readonly<Record<string, unknown>>;

/** Writes an object: up to 8 MiB in one request, more in a resumable session. */
export async function writeCloudObject(
  connection: CloudStorageConnection,
  uri: string,
  write: WriteOptions & { readonly content: Uint8Array | AsyncIterable<Uint8Array> },
): Promise<ObjectResource> {
  const source = write.content instanceof Uint8Array ? asPieces(write.content) : write.content;
  const pieces = source[Symbol.asyncIterator]();
  try {
    const { bytes, ended } = await upTo(pieces, write.signal);
    if (ended) return await writeAtOnce(connection, uri, { ...write, content: bytes });
    const { signal, ifGenerationMatch } = write;
    const begin = { resource: metadataOf(write), ifGenerationMatch, signal };
    const location = await beginUpload(connection, uri, begin);
    const rest = uploadPieces(joined(bytes, pieces), pieceBytes);
    const sent = await sendPieces(connection, { uri, location, pieces: rest, signal });
    await checkSent(connection, uri, sent);
    return sent.resource;
  } finally {
    await pieces.return?.();
  }
}

async function writeAtOnce(
  connection: CloudStorageConnection,
  uri: string,
  write: WriteOptions & { readonly content: Uint8Array },
): Promise<ObjectResource> {
  const { bucket, name } = parseObjectUri(uri);
  const { content, ifGenerationMatch, signal } = write;
  const boundary = `vision-batch-${crypto.randomUUID()}`;
  // The service refuses the upload when it comes to another checksum.
  const resource = { name, crc32c: formatCrc32c(crc32c(content)), ...metadataOf(write) };
  const made = await connection.json(
    {
      method: "POST",
      path: uploadPath(uri),
      query: { uploadType: "multipart", name, ifGenerationMatch },
      headers: { "content-type": `multipart/related; boundary=${boundary}` },
      body: multipart(boundary, resource, content),
      signal,
    },
    { once: ifGenerationMatch !== undefined },
  );
  if (made === undefined)
    throw new HttpStatusError(404, `the bucket gs://${bucket} does not exist`);
  return made;
}

/** Removes what arrived damaged: unlike an upload in one request, the service was not told the checksum. */
async function checkSent(
  connection: CloudStorageConnection,
  uri: string,
  { resource, crc32c: sent }: Awaited<ReturnType<typeof sendPieces>>,
): Promise<void> {
  const { crc32c: stored, generation } = resource;
  if (typeof stored !== "string" || stored === sent) return;
  const query = typeof generation === "string" ? { ifGenerationMatch: generation } : {};
  await connection.json({ method: "DELETE", path: objectPath(uri), query });
  const message = `${uri} was stored with the CRC32C ${stored}, not ${sent}, and removed: write it again`;
  throw new StorageError(message, { reason: "corrupt", uri });
}

/** The content that was to be written could not be read; its own error is the cause. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super("the content to write failed", { cause });
  }
}

function metadataOf({ contentType, contentEncoding }: WriteOptions): Record<string, string> {
  return {
    contentType: contentType ?? "application/octet-stream",
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  };
}

function multipart(boundary: string, resource: unknown, content: Uint8Array): Uint8Array {
  const { contentType } = resource as { contentType: string };
  const head =
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n` +
    `${JSON.stringify(resource)}\r\n--${boundary}\r\ncontent-type: ${contentType}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** The first pieces, until they are too many for one request or have ended. */
async function upTo(
  pieces: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    signal?.throwIfAborted();
    const next = await nextOf(pieces);
    signal?.throwIfAborted();
    if (next.done === true) return { bytes: Buffer.concat(chunks, size), ended: true };
    chunks.push(next.value);
    size += next.value.length;
    if (size > pieceBytes) return { bytes: Buffer.concat(chunks, size), ended: false };
  }
}

async function nextOf(pieces: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await pieces.next();
  } catch (error) {
    throw new SourceError(error);
  }
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  for (;;) {
    const next = await nextOf(rest);
    if (next.done === true) return;
    yield next.value;
  }
}

/** Cuts bytes that are at hand, so that they are not held twice as a whole. */
async function* asPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
  }
}
