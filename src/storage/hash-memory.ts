import type { ContentHashes, StoredObject } from "./stored-object.ts";

const maxEntries = 50_000;

/** Remembers the checksums of generations, the latest 50,000 of them, so that a content is read for them once. */
export class HashMemory {
  readonly #entries = new Map<string, ContentHashes>();

  /** The checksums of an object, where they are known. */
  get(object: StoredObject): ContentHashes | undefined {
    return object.hashes ?? this.#entries.get(keyOf(object));
  }

  /** Remembers the checksums of an object. */
  set(object: StoredObject, hashes: ContentHashes): void {
    this.#entries.set(keyOf(object), hashes);
    if (this.#entries.size <= maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}

function keyOf({ bucket, name, generation }: StoredObject): string {
  return `${bucket}/${name}#${generation}`;
}
