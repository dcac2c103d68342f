import type { ObjectStore } from "./object-store.ts";

// Beside the stores and not in them: a store that is made of another by copying its members may well
// keep what it reads.
const givers = new WeakSet<ObjectStore>();

/** Notes that nobody but its reader has the parts that a store yields, and gives the store. */
export function givingAway<Store extends ObjectStore>(store: Store): Store {
  givers.add(store);
  return store;
}

/** Whether the parts that a store yields are its reader's alone, which may free them. */
export function givesAway(store: ObjectStore): boolean {
  return givers.has(store);
}

/**
 * Frees a part that was given away. Left to be found unused, what a few hundred reads bring has the
 * whole heap searched for it.
 */
export function freePart({ buffer, byteLength }: Uint8Array): void {
  // Others may have other views of a buffer.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
