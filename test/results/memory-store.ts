import { StorageError } from "../../src/errors/index.ts";
import type { ObjectInfo, ObjectStore } from "../../src/storage/object-store.ts";

/** A store in memory that tells what is being read and can fail or hold reads back. */
export interface MemoryStore extends ObjectStore {
  /** URIs of reads that were begun, in order. */
  readonly begun: readonly string[];
  /** Reads and listings that have begun and not ended. */
  readonly open: number;
}

export interface MemoryStoreOptions {
  /** Awaited before a read yields; may throw. */
  readonly beforeRead?: (uri: string, signal: AbortSignal | undefined) => Promise<void>;
}

/** Makes a store of these objects, by `gs://` URI. */
export function memoryStore(
  objects: Readonly<Record<string, string | Uint8Array>>,
  options: MemoryStoreOptions = {},
): MemoryStore {
  const contents = new Map(
    Object.entries(objects).map(([uri, content]) => [uri, Buffer.from(content)]),
  );
  const begun: string[] = [];
  let open = 0;
  const info = (uri: string): ObjectInfo => {
    const [, , bucket = "", ...name] = uri.split("/");
    const size = contents.get(uri)?.length ?? 0;
    return {
      uri,
      bucket,
      name: name.join("/"),
      generation: "1",
      size,
      updated: "2026-01-01T00:00:00Z",
    };
  };
  const unused = (): never => {
    throw new Error("not used by these tests");
  };
  return {
    begun,
    get open() {
      return open;
    },
    async *list(prefix) {
      open++;
      try {
        for (const uri of [...contents.keys()].sort()) {
          await Promise.resolve();
          if (uri.startsWith(prefix)) yield info(uri);
        }
      } finally {
        open--;
      }
    },
    async *read(uri, { signal } = {}) {
      begun.push(uri);
      open++;
      try {
        await options.beforeRead?.(uri, signal);
        const content = contents.get(uri);
        if (content === undefined) {
          throw new StorageError(`${uri} is not there`, { reason: "notFound", uri });
        }
        const half = content.length >> 1;
        yield content.subarray(0, half);
        yield content.subarray(half);
      } finally {
        open--;
      }
    },
    stat: unused,
    write: unused,
    delete: unused,
  };
}
