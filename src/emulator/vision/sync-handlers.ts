import { maxPagesPerSyncFile } from "../../protocol/limits.ts";
import type { CallHandler } from "../emulated-call.ts";
import { sleep } from "../emulator-clock.ts";
import type { PlainJson } from "../plain-json.ts";
import { ServiceError, statusToJson } from "../service-error.ts";
import { annotateImage } from "./annotate-image.ts";
import { annotatePage, openRequestedFile, resolvePages } from "./annotate-pages.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { checkFilesRequest, checkImagesRequest } from "./check-requests.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import type { AnnotateFileRequestJson } from "./request-json.ts";

/** The handlers of the synchronous methods, by method name. */
export function createSyncHandlers(parts: AnnotationParts): ReadonlyMap<string, CallHandler> {
  return new Map<string, CallHandler>([
    [
      "BatchAnnotateImages",
      async (call) => {
        const { requests = [] } = checkImagesRequest(call);
        await sleep(parts.clock, parts.processingMsPerImage * requests.length, call.signal);
        const responses = await mapConcurrently(requests, parts.concurrency, (request) =>
          annotateImage(parts, request, call.signal),
        );
        return { responses };
      },
    ],
    [
      "BatchAnnotateFiles",
      async (call) => {
        const { requests = [] } = checkFilesRequest(call);
        const responses = await mapConcurrently(requests, 1, (request) =>
          parts.fileSlots.run(() => annotateFile(parts, request, call.signal), call.signal),
        );
        return { responses };
      },
    ],
  ]);
}

async function annotateFile(
  parts: AnnotationParts,
  request: AnnotateFileRequestJson,
  signal: AbortSignal,
): Promise<PlainJson> {
  const { content: _content, ...inputConfig } = request.inputConfig ?? {};
  try {
    await using file = disposable(await openRequestedFile(parts, request, signal));
    const { pageCount } = file.value;
    const pages = resolvePages(request.pages ?? [], { pageCount, limit: maxPagesPerSyncFile });
    await sleep(parts.clock, parts.processingMsPerImage * pages.length, signal);
    const responses = await mapConcurrently(pages, parts.concurrency, (pageNumber) =>
      annotatePage({ file: file.value, productSets: parts.productSets }, request, {
        pageNumber,
        signal,
      }),
    );
    return { inputConfig, responses, totalPages: pageCount };
  } catch (error) {
    if (error instanceof ServiceError) return { inputConfig, error: statusToJson(error) };
    throw error;
  }
}

function disposable<T extends { close(): Promise<void> }>(
  value: T,
): AsyncDisposable & { readonly value: T } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
