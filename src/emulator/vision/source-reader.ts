import { maxImageBytes } from "../../protocol/limits.ts";
import { StorageError } from "../../errors/index.ts";
import type { ObjectStore } from "../../storage/object-store.ts";
import { ServiceError } from "../service-error.ts";

// Source: https://cloud.google.com/vision/quotas: a PDF may be as large as 1 GB; the emulator holds
// one whole in memory, so it stops earlier.
const maxFileBytes = 256 * 1024 * 1024;

/**
 * Reads an input from the store.
 * @throws ServiceError as the service reports a source: NOT_FOUND "Error opening file: gs://..." for
 * one that is not there, PERMISSION_DENIED for one that may not be read.
 */
export async function readSource(
  store: ObjectStore,
  uri: string,
  { kind, signal }: { readonly kind: "image" | "file"; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const limit = kind === "image" ? maxImageBytes : maxFileBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of store.read(uri, { signal })) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(kind, limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const code = error.reason === "permissionDenied" ? "PERMISSION_DENIED" : "NOT_FOUND";
    throw new ServiceError({ code, message: `Error opening file: ${uri}.` });
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(kind: string, limit: number): ServiceError {
  return new ServiceError({
    code: "INVALID_ARGUMENT",
    message: `The ${kind} exceeds the allowed maximum of ${limit} bytes.`,
  });
}
