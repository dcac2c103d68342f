import { maxImagesPerAsyncRequest } from "../protocol/limits.ts";

/** Files in one request where nothing else is said: it keeps a request small; the service documents no limit. */
export const defaultFilesPerRequest = 100;

/** Cuts images into lists of at most `limit`, in order. Default limit: 2,000, that of an asynchronous request. */
export function splitImages<T>(
  images: readonly T[],
  limit: number = maxImagesPerAsyncRequest,
): readonly T[][] {
  return split(images, limit);
}

/** Cuts files into lists of at most `limit`, in order. Default limit: {@link defaultFilesPerRequest}. */
export function splitFiles<T>(
  files: readonly T[],
  limit: number = defaultFilesPerRequest,
): readonly T[][] {
  return split(files, limit);
}

function split<T>(items: readonly T[], limit: number): readonly T[][] {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`limit must be a whole number of at least 1, got ${limit}`);
  }
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += limit) {
    parts.push(items.slice(start, start + limit));
  }
  return parts;
}
