/** A format that is told by the first bytes of a file. */
export type FileFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "bmp" | "ico" | "pdf";

const signatures: readonly (readonly [FileFormat, RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n\x1a\n/],
  ["gif", /^GIF8[79]a/],
  ["webp", /^RIFF[^]{4}WEBP/],
  ["tiff", /^(II[*+]\0|MM\0[*+])/],
  ["ico", /^\0\0\x01\0/],
  ["bmp", /^BM/],
  // Readers accept up to 1,024 bytes of other matter before a PDF's header.
  ["pdf", /%PDF-/],
];

/** The format of a file by its first 1,024 bytes; undefined for one that the Vision API does not take. */
export function fileFormat(content: Uint8Array): FileFormat | undefined {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 1024));
  const text = head.toString("latin1");
  return signatures.find(([, signature]) => signature.test(text))?.[0];
}

/** A format of files with pages. */
export type PagedFormat = "pdf" | "tiff" | "gif";

/** The formats of files with pages, by mime type. Source: `InputConfig.mime_type` in image_annotator.proto. */
export const pagedFormats: ReadonlyMap<string, PagedFormat> = new Map([
  ["application/pdf", "pdf"],
  ["image/tiff", "tiff"],
  ["image/gif", "gif"],
]);
