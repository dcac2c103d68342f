import type { ApiVersion } from "../protocol/api-version.ts";
import type { RunResultRecord } from "./driver/chunk-results.ts";

/** Characters of JSON that are held at most, by all readings of an iteration: four times as many bytes, about. */
const maxCharacters = 16 * 2 ** 20;

/** How much of documents may be held at a time. */
export class DocumentRoom {
  #free: number;

  constructor(characters = maxCharacters) {
    this.#free = characters;
  }

  /** Takes room; false where there is none. */
  take(characters: number): boolean {
    if (characters > this.#free) return false;
    this.#free -= characters;
    return true;
  }

  give(characters: number): void {
    this.#free += characters;
  }
}

/** The pages of documents that one reading has found, until it is known that these are all. */
export class HeldDocuments<V extends ApiVersion> {
  readonly #room: DocumentRoom;
  #pages: RunResultRecord<V>[] = [];
  #characters = 0;

  constructor(room: DocumentRoom) {
    this.#room = room;
  }

  /** Holds a page; false where there is no room for it. */
  add(page: RunResultRecord<V>): boolean {
    const { length } = JSON.stringify(page);
    if (!this.#room.take(length)) return false;
    this.#pages.push(page);
    this.#characters += length;
    return true;
  }

  /** All pages, document by document; they are held until they are dropped. */
  all(): readonly RunResultRecord<V>[] {
    return this.#pages.sort((a, b) => a.index - b.index || (a.page ?? 0) - (b.page ?? 0));
  }

  drop(): void {
    this.#room.give(this.#characters);
    this.#pages = [];
    this.#characters = 0;
  }
}
