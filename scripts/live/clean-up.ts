import { StorageError } from "../../src/index.ts";
import type { ObjectStore } from "../../src/storage/index.ts";
import { collect } from "./collect.ts";
import { describeError } from "./describe-error.ts";

/** What became of the objects that a run wrote. */
export interface CleanUp {
  readonly kept: boolean;
  readonly deleted: number;
  /** Why some may still be there. */
  readonly error?: unknown;
}

/** Deletes everything under the prefixes; what fails is told, not thrown. */
export async function cleanUp(store: ObjectStore, prefixes: readonly string[]): Promise<CleanUp> {
  let deleted = 0;
  try {
    for (const prefix of prefixes) deleted += await deleteBelow(store, prefix);
    return { kept: false, deleted };
  } catch (error) {
    return { kept: false, deleted, error: describeError(error) };
  }
}

async function deleteBelow(store: ObjectStore, prefix: string): Promise<number> {
  const objects = await collect(store.list(prefix)).catch((error: unknown) => {
    // One of the buckets is not there on purpose.
    if (error instanceof StorageError && error.reason === "notFound") return [];
    throw error;
  });
  const deleted = await Promise.all(objects.map(({ uri }) => store.delete(uri)));
  return deleted.filter(Boolean).length;
}
