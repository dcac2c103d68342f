import { extname } from "node:path";
import { typeOfContent } from "../../annotation/file-type.ts";

/** Bytes that suffice for {@link contentType}. */
export const sampleBytes = 1024;

/** How image formats begin, besides those that are documents. Source: https://cloud.google.com/vision/docs/supported-files */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n\x1a\n/, "image/png"],
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^RIFF[^]{4}WEBP/, "image/webp"],
  [/^BM/, "image/bmp"],
  [/^\0\0\x01\0/, "image/x-icon"],
];

/** Raw pictures of cameras, which begin as TIFF files do. */
const rawExtensions = new Set([".arw", ".cr2", ".dng", ".nef", ".nrw", ".pef", ".raw", ".srw"]);

/** The media type of a file by its first bytes; undefined where they are of no format that is annotated. */
export function contentType(bytes: Uint8Array, name: string): string | undefined {
  const isRaw = rawExtensions.has(extname(name).toLowerCase());
  const document = typeOfContent(bytes);
  if (document !== undefined) return isRaw && document === "image/tiff" ? "image/x-raw" : document;
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return beginnings.find(([beginning]) => beginning.test(start))?.[1];
}
