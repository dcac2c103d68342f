// Following operations needs no storage: its modules are loaded when a store is first used.
import { givingAway } from "./storage/given-parts.ts";
import type { CloudStorageOptions, ObjectStore } from "./storage/index.ts";

/**
 * A store over Cloud Storage, with the credentials that Google's own clients find;
 * `VISION_EMULATOR_HTTP` and `STORAGE_EMULATOR_HOST` make it talk to an emulator. Reads go on at their offset after a transient error, stay with the generation
 * that they began with, and check the CRC32C of a whole object.
 */
export function createCloudStorageStore(options: CloudStorageOptions = {}): ObjectStore {
  const store = openedAtFirstUse(async () => {
    const storage = await import("./storage/cloud-storage-store.ts");
    return storage.createCloudStorageStore(options);
  });
  return givingAway(store);
}

/** A store over a folder with one folder a bucket, `<root>/<bucket>/<object>`, as the emulator keeps them. */
export function createDirectoryStore(root: string): ObjectStore {
  return openedAtFirstUse(async () => {
    const storage = await import("./storage/directory-store.ts");
    return storage.createDirectoryStore(root);
  });
}

function openedAtFirstUse(open: () => Promise<ObjectStore>): ObjectStore {
  let opening: Promise<ObjectStore> | undefined;
  const opened = (): Promise<ObjectStore> => (opening ??= open());
  return {
    list: async function* (prefix, options) {
      yield* (await opened()).list(prefix, options);
    },
    stat: async (uri, options) => (await opened()).stat(uri, options),
    read: (uri, options) => deferred(async () => (await opened()).read(uri, options)),
    write: async (uri, content, options) => (await opened()).write(uri, content, options),
    delete: async (uri, options) => (await opened()).delete(uri, options),
  };
}

/** Items that come of what is opened when the first is asked for, with nothing between them and their reader. */
function deferred<T>(open: () => Promise<AsyncIterable<T>>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      let opening: Promise<AsyncIterator<T>> | undefined;
      let items: AsyncIterator<T> | undefined;
      const begin = async (): Promise<AsyncIterator<T>> =>
        (items = (await open())[Symbol.asyncIterator]());
      return {
        next: async () => (items ?? (await (opening ??= begin()))).next(),
        return: async () => {
          await (await opening)?.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
