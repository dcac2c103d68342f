import { maxImagesPerAsyncRequest } from "../../protocol/limits.ts";
import { defaultFilesPerRequest } from "../../requests/index.ts";

/** How many inputs one request sends. */
export interface ChunkSizes {
  /** Default and highest: 2,000, that of the service. */
  readonly imagesPerChunk?: number | undefined;
  /** Default: 100; the service documents no limit, but one of 10 MB for a request. */
  readonly filesPerChunk?: number | undefined;
}

/** Sizes with their defaults. @throws RangeError */
export function resolveChunkSizes(sizes: ChunkSizes): Required<{
  readonly [Name in keyof ChunkSizes]: number;
}> {
  const { imagesPerChunk = maxImagesPerAsyncRequest, filesPerChunk = defaultFilesPerRequest } =
    sizes;
  checkSize("imagesPerChunk", imagesPerChunk, maxImagesPerAsyncRequest);
  checkSize("filesPerChunk", filesPerChunk, Number.MAX_SAFE_INTEGER);
  return { imagesPerChunk, filesPerChunk };
}

function checkSize(name: string, size: number, max: number): void {
  if (Number.isSafeInteger(size) && size >= 1 && size <= max) return;
  const upper = max === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${max}`;
  throw new RangeError(`${name} must be a whole number of at least 1${upper}, got ${size}`);
}
