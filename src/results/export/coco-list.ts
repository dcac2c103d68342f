import { deflateRawSync, inflateRawSync } from "node:zlib";

const blockCharacters = 256 * 1024;

/** A list of JSON texts that is kept compressed until it is written. */
export class DeflatedList {
  length = 0;
  readonly #blocks: Uint8Array[] = [];
  #open: string[] = [];
  #characters = 0;

  /** Adds a text at the end. */
  push(text: string): void {
    this.length++;
    this.#open.push(text);
    this.#characters += text.length;
    if (this.#characters < blockCharacters) return;
    this.#blocks.push(deflateRawSync(this.#open.join(",\n")));
    this.#open = [];
    this.#characters = 0;
  }

  /** The texts in their order, with commas between them. */
  *read(): Generator<string, void, undefined> {
    let separator = "";
    for (const block of this.#blocks) {
      yield separator + inflateRawSync(block).toString();
      separator = ",\n";
    }
    if (this.#open.length > 0) yield separator + this.#open.join(",\n");
  }
}
