import type { fileMimeTypes } from "../protocol/limits.ts";

/** A file type that the file methods take. */
export type FileMimeType = (typeof fileMimeTypes)[number];

/** How far into a file the header of a PDF may stand. Source: Adobe's implementation notes to PDF 1.7, H.3.4.1. */
const pdfHeaderRange = 1024;

const extensions: readonly (readonly [RegExp, FileMimeType])[] = [
  [/\.pdf$/i, "application/pdf"],
  [/\.tiff?$/i, "image/tiff"],
  [/\.gif$/i, "image/gif"],
];

/** The type of a file by its first bytes; undefined where they are of none that the service takes. */
export function typeOfContent(bytes: Uint8Array): FileMimeType | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, pdfHeaderRange));
  const magic = start.toString("latin1", 0, 6);
  if (/^GIF8[79]a/.test(magic)) return "image/gif";
  // The second of each order is BigTIFF.
  if (/^(?:II[*+]\0|MM\0[*+])/.test(magic)) return "image/tiff";
  return start.includes("%PDF-") ? "application/pdf" : undefined;
}

/** The type of a file by the ending of its path or URI. */
export function typeOfName(name: string): FileMimeType | undefined {
  return extensions.find(([ending]) => ending.test(name))?.[1];
}

/** Whether something is bytes, whatever realm they come from. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]"
  );
}
