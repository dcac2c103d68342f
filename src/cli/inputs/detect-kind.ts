import { open } from "node:fs/promises";
import { extname } from "node:path";
import { StorageError } from "../../errors/index.ts";
import { fileMimeTypes } from "../../protocol/limits.ts";
import type { ObjectStore } from "../../storage/index.ts";
import { UsageError } from "../usage-error.ts";
import { contentType, sampleBytes } from "./content-type.ts";
import type { InputKind } from "./input.ts";

/** How an input is to be annotated. */
export interface DetectedKind {
  readonly kind: InputKind;
  readonly mimeType?: string;
}

const documentTypes: ReadonlySet<string> = new Set(fileMimeTypes);

const documentExtensions: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".gif": "image/gif",
};

/** Extensions of the image formats of the service. Source: https://cloud.google.com/vision/docs/supported-files */
const imageExtensions = new Set([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".ico", ".raw"]);

/** Tells image and document apart by the first bytes of a local file. */
export async function detectFile(path: string): Promise<DetectedKind> {
  return toKind(contentType(await firstBytes(path), path));
}

/**
 * Tells image and document apart by the first bytes of an object; by its extension where it cannot be
 * read here, since the service may have rights that the caller has not.
 */
export async function detectObject(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal,
): Promise<DetectedKind> {
  const parts: Uint8Array[] = [];
  try {
    const range = { start: 0, end: sampleBytes - 1, signal };
    for await (const part of store.read(uri, range)) parts.push(part);
  } catch (error) {
    if (!isOfObject(error)) throw error;
    return toKind(documentExtensions[extname(uri).toLowerCase()]);
  }
  return toKind(contentType(Buffer.concat(parts), uri));
}

/** Whether a local file is an image or a document, by its content or else by its extension. */
export async function isAnnotatable(path: string): Promise<boolean> {
  const extension = extname(path).toLowerCase();
  if (imageExtensions.has(extension) || extension in documentExtensions) return true;
  const mimeType = contentType(await firstBytes(path), path);
  return mimeType !== undefined && (mimeType.startsWith("image/") || documentTypes.has(mimeType));
}

/** What is wrong with one object is for the service to report, with the result of that input. */
function isOfObject(error: unknown): boolean {
  const reasons: readonly string[] = ["notFound", "permissionDenied", "invalidArgument"];
  return error instanceof StorageError && reasons.includes(error.reason);
}

function toKind(mimeType: string | undefined): DetectedKind {
  if (mimeType === undefined || !documentTypes.has(mimeType)) return { kind: "image" };
  return { kind: "document", mimeType };
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const buffer = Buffer.alloc(sampleBytes);
  try {
    await using file = await open(path);
    const { bytesRead } = await file.read(buffer, 0, sampleBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
