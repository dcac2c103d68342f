import { randomBytes } from "node:crypto";
import { ServiceError } from "../service-error.ts";
import { SortedCollection, type CollectionPage } from "./sorted-collection.ts";

/** What a page of a list begins after, and how many resources it has at most. */
export interface PageBounds {
  /** The name of the last resource of the page before; empty for the first page. */
  readonly after: string;
  readonly size: number;
}

/** The resources of one kind by name; every change is kept before it is seen. */
export class ResourceTable<T> {
  readonly #noun: string;
  readonly #keep: (name: string, resource: T | undefined) => void;
  readonly #resources = new SortedCollection<T>();

  /** `noun` names a resource in errors; `keep` writes one, or removes it where it is undefined. */
  constructor(noun: string, keep: (name: string, resource: T | undefined) => void) {
    this.#noun = noun;
    this.#keep = keep;
  }

  /** Takes a resource that is kept already. */
  load(name: string, resource: T): void {
    this.#resources.set(name, resource);
  }

  has(name: string): boolean {
    return this.#resources.has(name);
  }

  /** @throws ServiceError NOT_FOUND. */
  get(name: string): T {
    const found = this.#resources.get(name);
    if (found !== undefined) return found;
    throw new ServiceError({
      code: "NOT_FOUND",
      message: `${this.#noun} with name '${name}' not found.`,
    });
  }

  /**
   * Adds a resource below `collection`, e.g. `projects/p/locations/l/products`, under an id of its
   * own where none is given.
   * @throws ServiceError ALREADY_EXISTS.
   */
  create(collection: string, id: string, build: (name: string) => T): T {
    if (id !== "" && this.has(`${collection}/${id}`)) {
      throw new ServiceError({
        code: "ALREADY_EXISTS",
        message: `${this.#noun} with ID '${id}' already exists.`,
      });
    }
    const name = `${collection}/${id === "" ? randomBytes(8).toString("hex") : id}`;
    const resource = build(name);
    this.replace(name, resource);
    return resource;
  }

  /** Puts a resource in the place of the one before. */
  replace(name: string, resource: T): void {
    this.#keep(name, resource);
    this.#resources.set(name, resource);
  }

  /** @throws ServiceError NOT_FOUND. */
  delete(name: string): void {
    this.get(name);
    this.#keep(name, undefined);
    this.#resources.delete(name);
  }

  /** Forgets a resource that is no longer kept. */
  forget(name: string): void {
    this.#resources.delete(name);
  }

  /** The names of the resources below a collection, as they are now. */
  names(collection: string): readonly string[] {
    return [...this.#resources.keys(`${collection}/`)];
  }

  /** Some of the resources below a collection, by name. */
  page(collection: string, bounds: PageBounds): CollectionPage<T> {
    return this.#resources.page(`${collection}/`, bounds);
  }
}
