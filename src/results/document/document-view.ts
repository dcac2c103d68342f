import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import type { PageOptions, PageView, WordView } from "./page-view.ts";
import { readPassage, type PlacedPage, type TextPassage } from "./passage.ts";
import { readPages } from "./read-pages.ts";
import { searchPattern, type SearchOptions } from "./text-search.ts";

/** A stretch of a document, in one of three measures. */
export type TextRange =
  | {
      /** Numbers of pages, from 1, the last one included. */
      readonly pages: readonly [first: number, last: number];
    }
  | {
      /** Places among all words, from 0, the second one left out. */
      readonly words: readonly [start: number, end: number];
    }
  | {
      /** UTF-16 code units of its text, from 0, the second one left out. */
      readonly characters: readonly [start: number, end: number];
    };

/** The text of one document or image, and where it stands. */
export interface DocumentView {
  /** The URI of the input. */
  readonly uri: string;
  /** In order, those without text included. */
  readonly pages: readonly PageView[];
  /** The words of all pages in reading order. */
  readonly words: readonly WordView[];
  /** The text of a stretch, or all of it: lines end with `\n`, pages are parted by `\f`. */
  text(range?: TextRange): string;
  /**
   * A stretch with its words and places.
   * @throws RangeError when it is not within the document.
   */
  passage(range: TextRange): TextPassage;
  /**
   * Finds passages, in the order of the text. A string is found whatever space stands between its words, over
   * the ends of lines and pages, and within words that are divided there; a pattern is matched
   * against the text as it is. Empty matches are left out.
   */
  search(query: string | RegExp, options?: SearchOptions): Generator<TextPassage, void, undefined>;
}

/** What parts the pages of a text. */
export const pageSeparator = "\f";

/**
 * Makes a view of the records of one input, in any order; it holds the whole document.
 * @throws RangeError when there is no record, or when they are of several URIs.
 */
export function createDocumentView<V extends ApiVersion>(
  records: Iterable<ResultRecord<V>>,
  options: PageOptions = {},
): DocumentView {
  const all = [...records];
  const uris = new Set(all.map((record) => record.uri));
  const [uri] = uris;
  if (uri === undefined) throw new RangeError("a document needs at least one record");
  if (uris.size > 1) {
    throw new RangeError(`the records are of ${uris.size} documents: part them with groupBySource`);
  }
  const pages = all.flatMap((record) => readPages(record, options));
  return new Document(
    uri,
    pages.sort((a, b) => a.number - b.number),
  );
}

/**
 * Reads the records of one input to their end and makes a view of them.
 * @throws RangeError when there is no record, or when they are of several URIs.
 */
export async function openDocument<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>>,
  options: PageOptions = {},
): Promise<DocumentView> {
  const all: ResultRecord<V>[] = [];
  for await (const record of records) all.push(record);
  return createDocumentView(all, options);
}

class Document implements DocumentView {
  readonly uri: string;
  readonly pages: readonly PageView[];
  readonly #placed: readonly PlacedPage[];
  readonly #text: string;
  #words: readonly WordView[] | undefined;

  constructor(uri: string, pages: readonly PageView[]) {
    this.uri = uri;
    this.pages = pages;
    let start = 0;
    this.#placed = pages.map((page) => {
      const placed = { page, start };
      start += page.text.length + pageSeparator.length;
      return placed;
    });
    this.#text = pages.map((page) => page.text).join(pageSeparator);
  }

  get words(): readonly WordView[] {
    this.#words ??= this.pages.flatMap((page) => page.words);
    return this.#words;
  }

  text(range?: TextRange): string {
    return range === undefined ? this.#text : this.#text.slice(...this.#offsets(range));
  }

  passage(range: TextRange): TextPassage {
    const [start, end] = this.#offsets(range);
    return readPassage(this.#placed, this.#text, { start, end });
  }

  *search(
    query: string | RegExp,
    options: SearchOptions = {},
  ): Generator<TextPassage, void, undefined> {
    for (const { 0: found, index } of this.#text.matchAll(searchPattern(query, options))) {
      const end = index + found.length;
      if (found !== "") yield readPassage(this.#placed, this.#text, { start: index, end });
    }
  }

  #offsets(range: TextRange): readonly [start: number, end: number] {
    if ("pages" in range) return this.#offsetsOfPages(...range.pages);
    if ("words" in range) return this.#offsetsOfWords(...range.words);
    return checked(range.characters, this.#text.length, "characters");
  }

  #offsetsOfPages(first: number, last: number): readonly [number, number] {
    const within = this.#placed.filter(({ page }) => page.number >= first && page.number <= last);
    const [start, end] = [within[0], within.at(-1)];
    if (start === undefined || end === undefined) {
      throw new RangeError(
        `there are no pages ${first} to ${last}: ${this.uri} has ${this.pages.length}`,
      );
    }
    return [start.start, end.start + end.page.text.length];
  }

  #offsetsOfWords(first: number, end: number): readonly [number, number] {
    checked([first, end], this.words.length, "words");
    if (first === end) return [0, 0];
    return [this.#placeOf(first).start, this.#placeOf(end - 1).end];
  }

  /** Where a word stands in the text of the document. */
  #placeOf(place: number): { start: number; end: number } {
    let before = 0;
    for (const { page, start } of this.#placed) {
      const word = page.words[place - before];
      if (word !== undefined) return { start: start + word.start, end: start + word.end };
      before += page.words.length;
    }
    throw new RangeError(`there is no word ${place}`);
  }
}

function checked(
  [start, end]: readonly [number, number],
  length: number,
  unit: string,
): readonly [number, number] {
  if (start >= 0 && start <= end && end <= length) return [start, end];
  throw new RangeError(`there are no ${unit} ${start} to ${end}: the document has ${length}`);
}
