import { StorageError } from "../errors/index.ts";
import type { CloudAnswer, CloudStorageConnection } from "./cloud-storage-connection.ts";
import { CutShortError, statusOf } from "./cloud-storage-errors.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { parseObjectUri } from "./gs-uri.ts";
import { uploadPath } from "./json-api-paths.ts";

/** A piece of an upload. */
export interface UploadPiece {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/**
 * Begins a resumable upload; one that was begun before a transient error is without effect.
 * Source: https://cloud.google.com/storage/docs/performing-resumable-uploads
 * @returns the URL that takes the content.
 */
export async function beginUpload(
  connection: CloudStorageConnection,
  uri: string,
  upload: {
    readonly resource: Readonly<Record<string, string>>;
    readonly ifGenerationMatch: string | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<string> {
  const { name } = parseObjectUri(uri);
  const { headers } = await connection.answer({
    method: "POST",
    path: uploadPath(uri),
    query: { uploadType: "resumable", name, ifGenerationMatch: upload.ifGenerationMatch },
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Buffer.from(JSON.stringify(upload.resource)),
    signal: upload.signal,
  });
  const location = headers.get("location");
  if (location === null) throw new Error("the service gave the upload no location");
  return location;
}

/** Sends the pieces of an upload, each from where the service has it; answers with the resource of the object. */
export async function sendPieces(
  connection: CloudStorageConnection,
  upload: {
    readonly uri: string;
    readonly location: string;
    readonly pieces: AsyncIterable<UploadPiece>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<{ readonly resource: Readonly<Record<string, unknown>>; readonly crc32c: string }> {
  let start = 0;
  let crc = 0;
  for await (const piece of upload.pieces) {
    crc = crc32c(piece.bytes, crc);
    const resource = await sendPiece(connection, { ...upload, ...piece, start });
    if (resource !== undefined) return { resource, crc32c: formatCrc32c(crc) };
    start += piece.bytes.length;
  }
  throw new Error("the service did not end the upload with its last byte");
}

interface SentPiece extends UploadPiece {
  readonly uri: string;
  /** Where the piece begins in the whole. */
  readonly start: number;
  readonly location: string;
  readonly signal: AbortSignal | undefined;
}

/** Sends one piece until the service has it all; answers with the resource where it was the last. */
async function sendPiece(
  connection: CloudStorageConnection,
  piece: SentPiece,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const retry = connection.newRetry();
  const end = piece.start + piece.bytes.length;
  let persisted = piece.start;
  let isUncertain = false;
  for (;;) {
    try {
      const isQuestion = isUncertain;
      const sent = isQuestion ? question : restOf(piece, persisted);
      const answer = await put(connection, piece, sent);
      if (answer.status !== 308) return JSON.parse(answer.text) as Record<string, unknown>;
      const before = persisted;
      persisted = persistedOf(answer, piece);
      isUncertain = false;
      if (persisted === end && !piece.isLast) return undefined;
      if (persisted > before) retry.reset();
      else if (!isQuestion) throw new CutShortError(persisted, end);
    } catch (error) {
      piece.signal?.throwIfAborted();
      if (hasExpired(error)) throw expired(piece.uri, error);
      await retry.afterFailure(error, piece.signal);
      isUncertain = true;
    }
  }
}

/** Asks how many bytes the service has. */
const question = { range: "bytes */*", bytes: new Uint8Array() };

function restOf(
  { bytes, start, isLast }: SentPiece,
  persisted: number,
): { readonly range: string; readonly bytes: Uint8Array } {
  const end = start + bytes.length;
  const total = isLast ? String(end) : "*";
  const span = persisted === end ? "*" : `${persisted}-${end - 1}`;
  return { range: `bytes ${span}/${total}`, bytes: bytes.subarray(persisted - start) };
}

/** Source: https://cloud.google.com/storage/docs/resumable-uploads#session-uris */
function hasExpired(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 410;
}

function expired(uri: string, cause: unknown): StorageError {
  const message = `the upload of ${uri} expired on the service: write it again`;
  return new StorageError(message, { reason: "unavailable", uri }, { cause });
}

function put(
  connection: CloudStorageConnection,
  { location, signal }: SentPiece,
  { range, bytes }: { readonly range: string; readonly bytes: Uint8Array },
): Promise<CloudAnswer> {
  const headers = { "content-range": range };
  const request = { method: "PUT", path: location, headers, body: bytes, signal } as const;
  return connection.answer(request, { once: true }, [308]);
}

/** How many bytes the service has; those before the piece are not at hand any more. */
function persistedOf({ headers }: CloudAnswer, { start }: SentPiece): number {
  const last = /^bytes=0-(\d+)$/.exec(headers.get("range") ?? "")?.[1];
  const persisted = last === undefined ? 0 : Number(last) + 1;
  if (persisted >= start) return persisted;
  throw new Error(`the service lost bytes of the upload: it has ${persisted} of ${start}`);
}
