/** One page of a list. */
export interface Page<T> {
  /** What is on the page, in the order of the service. */
  readonly items: readonly T[];
  /** What asks for the page after this one, as `pageToken`, also in another process; empty after the last one. */
  readonly nextPageToken: string;
}

/**
 * A list that the service hands out in pages. Nothing is sent before the first item is asked for, and
 * a page only when its items are; each `for await` begins anew. Leaving a loop asks for nothing more.
 */
export class PagedList<T> implements AsyncIterable<T, void, void> {
  readonly #fetch: (pageToken: string | undefined) => Promise<Page<T>>;
  readonly #signal: AbortSignal | undefined;

  /** `fetch` gets one page: the first one asked for where the token is undefined. */
  constructor(
    fetch: (pageToken: string | undefined) => Promise<Page<T>>,
    signal: AbortSignal | undefined,
  ) {
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** The items, page after page. Rejects with the signal's reason once it aborts, within a page too. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for await (const { items } of this.pages()) {
      for (const item of items) {
        this.#signal?.throwIfAborted();
        yield item;
      }
    }
  }

  /** The pages, each with the token of the one after it. */
  async *pages(): AsyncGenerator<Page<T>, void, void> {
    for (let pageToken: string | undefined; ;) {
      const page = await this.#fetch(pageToken);
      yield page;
      if (page.nextPageToken === "") return;
      pageToken = page.nextPageToken;
    }
  }
}
