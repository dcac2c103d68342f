import { StorageError } from "../errors/index.ts";
import type { ObjectStore } from "../storage/index.ts";

/**
 * Reads an input, or its first bytes. Undefined for one that is not in the store: it is not there any
 * more, or its URI is none of the store's, as those of results from elsewhere are.
 */
export async function readInput(
  store: ObjectStore,
  uri: string,
  maxBytes?: number,
): Promise<Uint8Array | undefined> {
  if (!uri.startsWith("gs://")) return undefined;
  const chunks: Uint8Array[] = [];
  try {
    const range = maxBytes === undefined ? {} : { end: maxBytes - 1 };
    for await (const chunk of store.read(uri, range)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof StorageError && error.reason === "notFound") return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}
