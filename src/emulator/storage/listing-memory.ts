import type { ObjectDirectory } from "../../storage/object-directory.ts";
import { Listing, type ListingPage, type ListingQuery } from "./listing.ts";

const maxListings = 16;

/** Keeps the listings whose next page may be asked for: the latest 16, as long as nothing is written. */
export class ListingMemory {
  readonly #directory: ObjectDirectory;
  readonly #listings = new Map<string, Listing>();

  constructor(directory: ObjectDirectory) {
    this.#directory = directory;
  }

  /** The page that a token asks for, or the first. */
  async page(
    query: ListingQuery,
    options: { readonly pageToken: string | undefined; readonly maxResults: number },
  ): Promise<ListingPage> {
    const { pageToken, maxResults } = options;
    const kept = pageToken === undefined ? undefined : await this.#take(keyOf(query, pageToken));
    const listing = kept ?? new Listing(this.#directory, query, pageToken);
    const page = await listing.page(maxResults);
    if (page.nextPageToken === undefined) await listing.close();
    else await this.#keep(keyOf(query, page.nextPageToken), listing);
    return page;
  }

  /** Ends all listings. */
  async close(): Promise<void> {
    for (const listing of this.#listings.values()) await listing.close();
    this.#listings.clear();
  }

  async #take(key: string): Promise<Listing | undefined> {
    const listing = this.#listings.get(key);
    if (listing === undefined) return undefined;
    this.#listings.delete(key);
    if (listing.changes === this.#directory.changes) return listing;
    await listing.close();
    return undefined;
  }

  async #keep(key: string, listing: Listing): Promise<void> {
    this.#listings.set(key, listing);
    const [oldest] = this.#listings.keys();
    if (this.#listings.size > maxListings && oldest !== undefined) {
      await this.#listings.get(oldest)?.close();
      this.#listings.delete(oldest);
    }
  }
}

function keyOf(query: ListingQuery, pageToken: string): string {
  return JSON.stringify({ ...query, glob: query.glob?.source, pageToken });
}
