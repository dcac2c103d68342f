import { loadOptional } from "../errors/index.ts";
import type { PageSize } from "../results/document/index.ts";
import type { SizeOf } from "../results/export/annotation-box.ts";
import type { ObjectStore } from "../storage/index.ts";
import { readInput } from "./read-input.ts";

/** Most images tell their size in so many bytes. */
const headBytes = 64 * 1024;

/**
 * Tells the sizes of images, as they are to be seen, by reading them where the inputs are. Undefined
 * for an input that is not there or is no picture.
 */
export function imageSizes(store: ObjectStore): SizeOf {
  return async (uri, page = 1) => {
    for (const maxBytes of [headBytes, undefined]) {
      const content = await readInput(store, uri, maxBytes);
      const size = content && (await sizeOf(content, page));
      if (size !== undefined) return size;
      if ((content?.length ?? 0) < headBytes) break;
    }
    return undefined;
  };
}

async function sizeOf(content: Uint8Array, page: number): Promise<PageSize | undefined> {
  const { default: sharp } = await loadOptional(
    "sharp",
    "COCO of images whose size is not in their results",
    () => import("sharp"),
  );
  try {
    const { autoOrient } = await sharp(content, { page: page - 1 }).metadata();
    return autoOrient;
  } catch {
    return undefined;
  }
}
