import { loadOptional } from "../errors/index.ts";
import type { PageSize } from "../results/document/index.ts";

/** The pictures of an item. */
export interface Pictures {
  /** That of the image, as it is to be seen. */
  readonly size: PageSize;
  /** JPEG. */
  readonly thumbnail: Uint8Array;
  /** JPEG; undefined where it would be no larger than the thumbnail, or is not wanted. */
  readonly preview: Uint8Array | undefined;
}

/** How large pictures are. */
export interface PictureSizes {
  /** The longer side of a picture in the list, in pixels. */
  readonly thumbnailPixels: number;
  /** The longer side of the picture that is looked at closely; 0: none is made. */
  readonly previewPixels: number;
}

const purpose = "a report with pictures";

/** Opens what makes pictures. @throws MissingPackageError without sharp. */
export async function openPictureMaker(
  sizes: PictureSizes,
): Promise<(content: Uint8Array, page: number) => Promise<Pictures | undefined>> {
  const { default: sharp } = await loadOptional("sharp", purpose, () => import("sharp"));
  const { thumbnailPixels, previewPixels } = sizes;
  return async (content, page) => {
    try {
      const source = sharp(content, { page: page - 1, failOn: "error" }).autoOrient();
      const { autoOrient } = await source.metadata();
      const size = { width: autoOrient.width, height: autoOrient.height };
      const longest = Math.max(size.width, size.height);
      const reduce = async (pixels: number, from = source): Promise<Buffer> =>
        from
          .clone()
          .resize({ width: pixels, height: pixels, fit: "inside", withoutEnlargement: true })
          .flatten({ background: "#fff" })
          // Made in a fifth of the time that WebP takes.
          .jpeg({ quality: 75 })
          .toBuffer();
      const isLarge = previewPixels > thumbnailPixels && longest > thumbnailPixels;
      const preview = isLarge ? await reduce(previewPixels) : undefined;
      // A picture that is small already is reduced in a fraction of the time.
      const thumbnail = await reduce(thumbnailPixels, preview && sharp(preview));
      return { size, thumbnail, preview };
    } catch {
      // What no picture can be made of, the service may not have read either; its record says so.
      return undefined;
    }
  };
}
