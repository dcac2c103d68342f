import { InvalidRequestError } from "../errors/index.ts";
import { maxPagesPerSyncFile } from "../protocol/limits.ts";

const maxPage = 2 ** 31 - 1;

/**
 * The pages that are asked for, each once; undefined for all.
 * @throws InvalidRequestError for what is no list of pages; `field` is what it is called.
 */
export function checkPages(field: string, pages: unknown): readonly number[] | undefined {
  if (pages === undefined) return undefined;
  const isList = Array.isArray(pages) && pages.length > 0;
  if (isList && pages.every(isPage)) return [...new Set<number>(pages)];
  const message = "expected a list of pages, from 1, or from -1 for the last; leave it out for all";
  throw new InvalidRequestError("the pages", [{ field, value: pages, message }]);
}

/** Pages as one request takes them. */
export function chunkPages(pages: readonly number[]): readonly (readonly number[])[] {
  const chunks: number[][] = [];
  for (let start = 0; start < pages.length; start += maxPagesPerSyncFile) {
    chunks.push(pages.slice(start, start + maxPagesPerSyncFile));
  }
  return chunks;
}

/** Every page from one to another, both included. */
export function pagesBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function isPage(value: unknown): value is number {
  return Number.isInteger(value) && value !== 0 && Math.abs(value as number) <= maxPage;
}
