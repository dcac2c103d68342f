import { StorageError, VisionBatchError } from "../errors/index.ts";
import type { ObjectStore } from "../storage/index.ts";

/** The folder of a run: everything that is written for it stands there. */
export function runFolder(output: string, id: string): string {
  return `${output}${id}/`;
}

/** Below the folder of a run, what was put there for it to read. */
const stagedFolder = "inputs/";
const probeName = ".vision-batch-probe";

/**
 * Checks where a run will write, before anything is billed: its folder must be empty, but for
 * `inputs/`, and an empty object must let itself be written there. That object is deleted again, which
 * is all that this leaves: two requests to Cloud Storage and none to Vision.
 * @throws VisionBatchError where something is there, StorageError where the bucket is missing or closed.
 */
export async function checkOutput(
  store: ObjectStore,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const found = await firstObject(store, folder, signal);
  if (found !== undefined) {
    throw new VisionBatchError(
      `the output folder ${folder} is not empty: there is ${found}; choose another id or output, or delete what is there`,
    );
  }
  const probe = `${folder}${probeName}`;
  await store.write(probe, new Uint8Array(), { signal });
  // A bucket that keeps everything refuses this, and is none the worse as an output.
  await store.delete(probe, { signal }).catch((error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
  });
}

async function firstObject(
  store: ObjectStore,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    for await (const { uri } of store.list(folder, { signal })) {
      const name = uri.slice(folder.length);
      if (name !== probeName && !name.startsWith(stagedFolder)) return uri;
    }
  } catch (error) {
    // What a missing bucket means is told by the write: an emulator may make it.
    if (!(error instanceof StorageError) || error.reason !== "notFound") throw error;
  }
  return undefined;
}

const deletedAtOnce = 16;

/** Deletes everything in the folder of a run; tells how many objects that were. @throws StorageError */
export async function deleteOutput(
  store: ObjectStore,
  folder: string,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  let batch: Promise<boolean>[] = [];
  for await (const { uri } of store.list(folder, { signal })) {
    batch.push(store.delete(uri, { signal }));
    if (batch.length < deletedAtOnce) continue;
    deleted += (await Promise.all(batch)).filter(Boolean).length;
    batch = [];
  }
  return deleted + (await Promise.all(batch)).filter(Boolean).length;
}
