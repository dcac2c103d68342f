import { fileMimeTypes } from "../../protocol/limits.ts";

/** Source: https://cloud.google.com/vision/docs/pdf */
const byExtension: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  tif: "image/tiff",
  tiff: "image/tiff",
  gif: "image/gif",
};

/** Whether the file methods take a MIME type. */
export function isFileMimeType(mimeType: string): boolean {
  return (fileMimeTypes as readonly string[]).includes(mimeType);
}

/** The MIME type of a file by the extension of its URI; undefined for what is none of the file types. */
export function fileMimeTypeOf(uri: string): string | undefined {
  // Every such extension ends in f, and this is asked for every image of a run.
  const last = uri.charCodeAt(uri.length - 1);
  if (last !== 0x66 && last !== 0x46) return undefined;
  const extension = /\.(pdf|tiff?|gif)$/i.exec(uri)?.[1];
  return extension === undefined ? undefined : byExtension[extension.toLowerCase()];
}
