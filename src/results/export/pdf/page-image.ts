import type { PageSize } from "../../document/index.ts";
import { readJpegOrientation } from "./jpeg-orientation.ts";
import type { PdfContext, PdfLibrary, PdfRef } from "./pdf-library.ts";

/** The picture of a page, in the document. */
export interface EmbeddedImage {
  readonly ref: PdfRef;
  /** Its size in pixels, as it is shown. */
  readonly size: PageSize;
  /** Turns the unit square into the picture, upright in the unit square: a matrix of PDF. */
  readonly upright: readonly number[];
}

/** What a picture or document is, by its first bytes. */
export function formatOf(content: Uint8Array): "jpeg" | "png" | "pdf" | undefined {
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 1024));
  if (start[0] === 0xff && start[1] === 0xd8) return "jpeg";
  if (start.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  return start.includes("%PDF-") ? "pdf" : undefined;
}

/** Adds a JPEG or PNG to a document: a JPEG as it is, a PNG without loss. */
export async function embedImage(
  library: PdfLibrary,
  context: PdfContext,
  content: Uint8Array,
): Promise<EmbeddedImage> {
  const isJpeg = formatOf(content) === "jpeg";
  const embedder = await library[isJpeg ? "JpegEmbedder" : "PngEmbedder"].for(content);
  const ref = await embedder.embedIntoContext(context);
  const { width, height } = embedder;
  const orientation = isJpeg ? readJpegOrientation(content) : 1;
  const isTurned = orientation >= 5;
  return {
    ref,
    size: isTurned ? { width: height, height: width } : { width, height },
    upright: uprightMatrices[orientation - 1] ?? [],
  };
}

/** By EXIF orientation, from 1: x' = a x + c y + e, y' = b x + d y + f, with y upwards. */
const uprightMatrices: readonly (readonly number[])[] = [
  [1, 0, 0, 1, 0, 0],
  [-1, 0, 0, 1, 1, 0],
  [-1, 0, 0, -1, 1, 1],
  [1, 0, 0, -1, 0, 1],
  [0, -1, -1, 0, 1, 1],
  [0, -1, 1, 0, 0, 1],
  [0, 1, 1, 0, 0, 0],
  [0, 1, -1, 0, 1, 0],
];
