import type { PageSize } from "../../document/index.ts";
import { readJpegOrientation } from "./jpeg-orientation.ts";
import type { PdfContext, PdfLibrary, PdfRef } from "./pdf-library.ts";
import { checkDecoding, readPng, type PngParts } from "./read-png.ts";

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

/** Adds a JPEG to a document, as it is. */
export async function embedJpeg(
  { JpegEmbedder }: PdfLibrary,
  context: PdfContext,
  jpeg: Uint8Array,
): Promise<EmbeddedImage> {
  const embedder = await JpegEmbedder.for(jpeg);
  const ref = await embedder.embedIntoContext(context);
  const { width, height } = embedder;
  const orientation = readJpegOrientation(jpeg);
  const isTurned = orientation >= 5;
  return {
    ref,
    size: isTurned ? { width: height, height: width } : { width, height },
    upright: uprightMatrices[orientation - 1] ?? [],
  };
}

/** Adds a PNG to a document without loss: as it is, where PDF can show it so. */
export async function embedPng(
  library: PdfLibrary,
  context: PdfContext,
  png: Uint8Array,
): Promise<EmbeddedImage> {
  const parts = readPng(png);
  const { width, height } = parts;
  const ref = parts.isPlain
    ? addPlainPng(library, context, parts)
    : await addDecodedPng(library, context, parts);
  return { ref, size: { width, height }, upright: uprightMatrices[0] ?? [] };
}

/** PDF knows the compression and the filters of PNG. */
function addPlainPng(
  { PDFHexString }: PdfLibrary,
  context: PdfContext,
  { width, height, bitDepth, colorType, palette, data }: PngParts,
): PdfRef {
  const lookup = PDFHexString.of(Buffer.from(palette).toString("hex"));
  const indexed = ["Indexed", "DeviceRGB", palette.length / 3 - 1, lookup];
  const isRgb = colorType === 2;
  return context.register(
    context.stream(data, {
      ...{ Type: "XObject", Subtype: "Image", Width: width, Height: height },
      ...{
        BitsPerComponent: bitDepth,
        ColorSpace: colorType === 3 ? indexed : isRgb ? "DeviceRGB" : "DeviceGray",
      },
      Filter: "FlateDecode",
      DecodeParms: {
        ...{ Predictor: 15, Colors: isRgb ? 3 : 1 },
        ...{ BitsPerComponent: bitDepth, Columns: width },
      },
    }),
  );
}

async function addDecodedPng(
  { PngEmbedder }: PdfLibrary,
  context: PdfContext,
  parts: PngParts,
): Promise<PdfRef> {
  checkDecoding(parts);
  const embedder = await PngEmbedder.for(parts.bare);
  return embedder.embedIntoContext(context);
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
