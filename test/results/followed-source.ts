import type { ObjectStore } from "../../src/storage/object-store.ts";
import { memoryStore } from "./memory-store.ts";

/** A store to which objects are added while it is read. */
export function growingStore(): ObjectStore & {
  add: (objects: Readonly<Record<string, string>>) => void;
} {
  let store = memoryStore({});
  const all: Record<string, string> = {};
  return {
    ...store,
    list: (of, options) => store.list(of, options),
    read: (uri, options) => store.read(uri, options),
    add: (objects) => {
      store = memoryStore(Object.assign(all, objects));
    },
  };
}

/** A followed source: what is next is added to its store whenever the reader waits, and then it ends. */
export function scriptedSource(steps: readonly Readonly<Record<string, string>>[]) {
  const store = growingStore();
  const ended = Promise.withResolvers<undefined>();
  let step = 0;
  const wait = async (): Promise<void> => {
    const objects = steps[step++];
    if (objects === undefined) ended.resolve(undefined);
    else store.add(objects);
    await Promise.resolve();
  };
  return { store, until: ended.promise, wait };
}
