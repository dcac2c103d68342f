/** What a page of a collection holds. */
export interface CollectionPage<T> {
  readonly items: readonly T[];
  /** The last key of the page; undefined where nothing comes after it. */
  readonly last: string | undefined;
}

/** Values by key, read in the order of the keys. */
export class SortedCollection<T> {
  readonly #values = new Map<string, T>();
  /** May have keys that were deleted meanwhile, which costs less than sorting again. */
  #sorted: readonly string[] | undefined;

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  set(key: string, value: T): void {
    if (!this.#values.has(key)) this.#sorted = undefined;
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    return this.#values.delete(key);
  }

  /** The keys that begin with a prefix, in order. */
  *keys(prefix: string, after = ""): Generator<string, void, undefined> {
    const keys = this.#keys();
    for (let index = firstAfter(keys, prefix, after); index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      if (!key.startsWith(prefix)) return;
      if (this.#values.has(key)) yield key;
    }
  }

  /** At most `size` values whose keys begin with a prefix and come after a key. */
  page(
    prefix: string,
    { after, size }: { readonly after: string; readonly size: number },
  ): CollectionPage<T> {
    const items: T[] = [];
    let last: string | undefined;
    for (const key of this.keys(prefix, after)) {
      if (items.length === size) return { items, last };
      items.push(this.#values.get(key) as T);
      last = key;
    }
    return { items, last: undefined };
  }

  #keys(): readonly string[] {
    this.#sorted ??= [...this.#values.keys()].sort();
    return this.#sorted;
  }
}

function firstAfter(keys: readonly string[], prefix: string, after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle] ?? "";
    if (key < prefix || key <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
