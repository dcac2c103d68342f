import { loadOptional } from "../errors/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import { contentType } from "./inputs/content-type.ts";
import { readInput } from "./read-input.ts";

/** What a PDF takes as the picture of a page; a PDF has the page itself. */
const takenAsTheyAre: readonly string[] = ["image/jpeg", "image/png", "application/pdf"];

/**
 * Reads the pictures of pages from where the inputs are: JPEG, PNG and PDF as they are, other formats
 * turned into PNG. Undefined for an input that is not there or is no picture.
 */
export function pageImages(
  store: ObjectStore,
): (uri: string, page: number | undefined) => Promise<Uint8Array | undefined> {
  // The pages of a document come together, so that one input in memory is enough.
  let last: { readonly uri: string; readonly content: Uint8Array | undefined } | undefined;
  return async (uri, page) => {
    if (last?.uri !== uri) last = { uri, content: await readInput(store, uri) };
    const { content } = last;
    if (content === undefined) return undefined;
    const type = contentType(content, uri);
    if (type === undefined) return undefined;
    return takenAsTheyAre.includes(type) ? content : toPng(content, page ?? 1);
  };
}

async function toPng(content: Uint8Array, page: number): Promise<Uint8Array | undefined> {
  const { default: sharp } = await loadOptional(
    "sharp",
    "a PDF of pages in TIFF, GIF and other formats",
    () => import("sharp"),
  );
  try {
    return await sharp(content, { page: page - 1 })
      .png()
      .toBuffer();
  } catch {
    // What the service could not read either has no picture; its record says so.
    return undefined;
  }
}
