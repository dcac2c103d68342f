import type { CloudAnswer, CloudStorageConnection } from "./cloud-storage-connection.ts";
import { parseObjectUri } from "./gs-uri.ts";

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
  const { bucket, name } = parseObjectUri(uri);
  const { headers } = await connection.answer({
    method: "POST",
    path: `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`,
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
  location: string,
  upload: {
    readonly pieces: AsyncIterable<UploadPiece>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Readonly<Record<string, unknown>>> {
  let start = 0;
  for await (const piece of upload.pieces) {
    const sent = { ...piece, start, location, signal: upload.signal };
    const resource = await sendPiece(connection, sent);
    if (resource !== undefined) return resource;
    start += piece.bytes.length;
  }
  throw new Error("the service did not end the upload with its last byte");
}

interface SentPiece extends UploadPiece {
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
      const answer = isUncertain
        ? await put(connection, piece, { range: "bytes */*", bytes: new Uint8Array() })
        : await put(connection, piece, restOf(piece, persisted));
      isUncertain = false;
      if (answer.status !== 308) return JSON.parse(answer.text) as Record<string, unknown>;
      const before = persisted;
      persisted = persistedOf(answer);
      if (persisted > before) retry.reset();
      if (persisted === end && !piece.isLast) return undefined;
      checkPersisted(persisted, piece);
    } catch (error) {
      piece.signal?.throwIfAborted();
      await retry.afterFailure(error, piece.signal);
      isUncertain = true;
    }
  }
}

function restOf(
  { bytes, start, isLast }: SentPiece,
  persisted: number,
): { readonly range: string; readonly bytes: Uint8Array } {
  const end = start + bytes.length;
  const total = isLast ? String(end) : "*";
  const span = persisted === end ? "*" : `${persisted}-${end - 1}`;
  return { range: `bytes ${span}/${total}`, bytes: bytes.subarray(persisted - start) };
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

function persistedOf({ headers }: CloudAnswer): number {
  const last = /^bytes=0-(\d+)$/.exec(headers.get("range") ?? "")?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

/** What was acknowledged before is not at hand any more. */
function checkPersisted(persisted: number, { start }: SentPiece): void {
  if (persisted < start) {
    throw new Error(`the service lost bytes of the upload: it has ${persisted} of ${start}`);
  }
}
