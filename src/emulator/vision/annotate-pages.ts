import type { AnnotateImageResponseJson, OpenedFile } from "../annotators/annotator.ts";
import { UnreadableFileError } from "../annotators/unreadable-file-error.ts";
import { ServiceError } from "../service-error.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { annotatorFeatures, type AnnotateFileRequestJson } from "./request-json.ts";
import { annotateWithoutMissingSet } from "./refuse-product-search.ts";
import { readSource } from "./source-reader.ts";

/**
 * Opens the file of a request.
 * @throws ServiceError for a file that is missing, damaged or of another type than it is said to be.
 */
export async function openRequestedFile(
  { annotator, store }: AnnotationParts,
  { inputConfig }: AnnotateFileRequestJson,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const { content = "", gcsSource, mimeType = "" } = inputConfig ?? {};
  const bytes =
    content === ""
      ? await readSource(store, gcsSource?.uri ?? "", { kind: "file", signal })
      : Buffer.from(content, "base64");
  const engine = await annotator();
  try {
    return await engine.openFile(bytes, mimeType);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new ServiceError({ code: error.code, message: error.message });
  }
}

/** A file, and the product sets that a search of its pages may name. */
export interface PageSource extends Pick<AnnotationParts, "productSets"> {
  readonly file: OpenedFile;
}

/** Annotates one page; its `context` has the number of the page in the document and, for a source, its URI. */
export async function annotatePage(
  { file, productSets }: PageSource,
  request: AnnotateFileRequestJson,
  { pageNumber, signal }: { readonly pageNumber: number; readonly signal: AbortSignal },
): Promise<AnnotateImageResponseJson> {
  return annotateWithoutMissingSet(
    productSets,
    request,
    ({ inputConfig, features, imageContext }) => {
      const uri = inputConfig?.gcsSource?.uri;
      return file.annotatePage(pageNumber, annotatorFeatures(features), {
        ...(imageContext === undefined ? {} : { imageContext }),
        ...(uri === undefined ? {} : { uri }),
        signal,
      });
    },
  );
}

/**
 * The pages that a synchronous request asks for, 1-based: a negative page counts from the end, and
 * no pages means the first `limit`.
 * @throws ServiceError for a page that the file does not have.
 */
export function resolvePages(
  asked: readonly number[],
  { pageCount, limit }: { readonly pageCount: number; readonly limit: number },
): readonly number[] {
  if (asked.length === 0)
    return Array.from({ length: Math.min(pageCount, limit) }, (_, n) => n + 1);
  return asked.map((page) => {
    const resolved = page < 0 ? pageCount + 1 + page : page;
    if (resolved >= 1 && resolved <= pageCount) return resolved;
    throw new ServiceError({
      code: "INVALID_ARGUMENT",
      message: `Invalid pages: the file has ${pageCount}, there is no page ${page}.`,
    });
  });
}
