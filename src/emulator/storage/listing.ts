import { compareNames, nameAfter } from "../../storage/name-order.ts";
import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { StoredObject } from "../../storage/stored-object.ts";
import { badRequest } from "./api-error.ts";

/** What is asked of a listing. */
export interface ListingQuery {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** The first name, inclusive. */
  readonly startOffset: string;
  /** The end, exclusive. */
  readonly endOffset: string | undefined;
  readonly includeTrailingDelimiter: boolean;
  readonly glob: RegExp | undefined;
}

/** One page of a listing. */
export interface ListingPage {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  readonly nextPageToken: string | undefined;
}

type Entry = { readonly object: StoredObject } | { readonly prefix: string };

/** Where a page ended: after an object, or after all that begins with a prefix. */
interface Position {
  readonly after?: string;
  readonly afterPrefix?: string;
}

/** A listing that goes on from page to page, so that a folder is not read again for each. */
export class Listing {
  /** How the directory stood when the listing began. */
  readonly changes: number;
  readonly #entries: AsyncGenerator<Entry, void, undefined>;
  #ahead: Entry | undefined;

  constructor(directory: ObjectDirectory, query: ListingQuery, pageToken: string | undefined) {
    this.changes = directory.changes;
    this.#entries = listEntries(directory, query, pageToken);
  }

  /** The next page, of at most `maxResults` objects and prefixes. */
  async page(maxResults: number): Promise<ListingPage> {
    const entries: Entry[] = [];
    while (entries.length < maxResults) {
      const entry = this.#ahead ?? (await this.#next());
      this.#ahead = undefined;
      if (entry === undefined) break;
      entries.push(entry);
    }
    const last = entries.at(-1);
    this.#ahead = last === undefined ? undefined : await this.#next();
    const objects = entries.flatMap((entry) => ("object" in entry ? [entry.object] : []));
    const prefixes = entries.flatMap((entry) => ("prefix" in entry ? [entry.prefix] : []));
    const hasMore = last !== undefined && this.#ahead !== undefined;
    return { objects, prefixes, nextPageToken: hasMore ? toPageToken(last) : undefined };
  }

  /** Ends the listing. */
  async close(): Promise<void> {
    await this.#entries.return();
  }

  async #next(): Promise<Entry | undefined> {
    const next = await this.#entries.next();
    return next.done === true ? undefined : next.value;
  }
}

async function* listEntries(
  directory: ObjectDirectory,
  query: ListingQuery,
  pageToken: string | undefined,
): AsyncGenerator<Entry, void, undefined> {
  const { prefix, delimiter, endOffset, glob } = query;
  const position = pageToken === undefined ? {} : fromPageToken(pageToken);
  const bounds = {
    prefix,
    from: startOf(query, position),
    ...(position.afterPrefix === undefined ? {} : { skipPrefix: position.afterPrefix }),
    ...(endOffset === undefined ? {} : { until: endOffset }),
  };
  for await (const object of directory.list(query.bucket, bounds)) {
    const end = delimiter === "" ? -1 : object.name.indexOf(delimiter, prefix.length);
    const folded = end === -1 ? undefined : object.name.slice(0, end + delimiter.length);
    if (folded === undefined || (query.includeTrailingDelimiter && folded === object.name)) {
      if (glob?.test(object.name) ?? true) yield { object };
    }
    if (folded === undefined || bounds.skipPrefix === folded) continue;
    Object.assign(bounds, { skipPrefix: folded, from: folded });
    if (glob?.test(folded) ?? true) yield { prefix: folded };
  }
}

function startOf(query: ListingQuery, { after, afterPrefix }: Position): string {
  const start = after === undefined ? (afterPrefix ?? "") : nameAfter(after);
  return compareNames(start, query.startOffset) < 0 ? query.startOffset : start;
}

function toPageToken(last: Entry): string {
  const position: Position =
    "object" in last ? { after: last.object.name } : { afterPrefix: last.prefix };
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function fromPageToken(token: string): Position {
  try {
    const position = JSON.parse(Buffer.from(token, "base64url").toString()) as Position;
    if (typeof (position.after ?? position.afterPrefix) === "string") return position;
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest(`Invalid value for pageToken: ${token}`);
}
