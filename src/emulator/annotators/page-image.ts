import type sharp from "sharp";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** The sharp module, as it is loaded at first use. */
export type Sharp = typeof sharp;

/** Pixels of three bytes (red, green, blue), row by row, upright. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** An image or a page, decoded and upright. */
export interface PageImage {
  /** Possibly smaller than the image: see {@link maxSidePixels}. */
  readonly pixels: Pixels;
  /** The size that coordinates are told in: pixels of the upright image, or points of a PDF's page. */
  readonly width: number;
  readonly height: number;
  readonly unit: "pixel" | "point";
}

/** The longest side that annotators work on, in pixels: an A4 page at 300 dpi fits, and memory stays bounded. */
export const maxSidePixels = 4000;

/** The service's message for an image that it cannot decode. */
export const badImageMessage = "Bad image data.";

/**
 * Decodes an image, or a page of a TIFF or GIF (1-based), and turns it upright by its EXIF
 * orientation; transparent parts become white. A file that is cut off is refused, not half read.
 * @throws {@link UnreadableFileError}
 */
export async function decodeImage(
  sharp: Sharp,
  content: Uint8Array,
  pageNumber = 1,
): Promise<PageImage> {
  try {
    const image = sharp(content, { failOn: "error", page: pageNumber - 1 });
    const { autoOrient } = await image.metadata();
    const { data, info } = await image
      .autoOrient()
      .resize({
        width: maxSidePixels,
        height: maxSidePixels,
        fit: "inside",
        withoutEnlargement: true,
      })
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const pixels = { data, width: info.width, height: info.height };
    return { pixels, width: autoOrient.width, height: autoOrient.height, unit: "pixel" };
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * The number of pages of a TIFF or GIF.
 * @throws {@link UnreadableFileError}
 */
export async function countImagePages(sharp: Sharp, content: Uint8Array): Promise<number> {
  try {
    const { pages } = await sharp(content, { failOn: "error" }).metadata();
    return pages ?? 1;
  } catch (error) {
    throw unreadable(error);
  }
}

/** The pixels as sharp takes them. */
export function fromPixels(sharp: Sharp, { data, width, height }: Pixels): ReturnType<Sharp> {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function unreadable(error: unknown): UnreadableFileError {
  const tooLarge = error instanceof Error && error.message.includes("pixel limit");
  const message = tooLarge ? "The image has too many pixels to be decoded." : badImageMessage;
  return new UnreadableFileError(message, "INVALID_ARGUMENT", { cause: error });
}
