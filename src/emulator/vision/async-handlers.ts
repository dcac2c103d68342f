import type { CallHandler } from "../emulated-call.ts";
import { acceptSubmit, type SubmitParts } from "../operations/accept-submit.ts";
import { AsyncFilesWork } from "./async-files-work.ts";
import { AsyncImagesWork } from "./async-images-work.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { checkAsyncFilesRequest, checkAsyncImagesRequest } from "./check-requests.ts";
import type { OutputConfigJson } from "./request-json.ts";
import { ResponseTexts } from "./response-texts.ts";

/** What the asynchronous methods need. */
export interface AsyncHandlersParts extends SubmitParts {
  readonly annotation: AnnotationParts;
}

/** The handlers of the asynchronous methods, by method name. */
export function createAsyncHandlers(parts: AsyncHandlersParts): ReadonlyMap<string, CallHandler> {
  const texts = new ResponseTexts();
  return new Map<string, CallHandler>([
    [
      "AsyncBatchAnnotateImages",
      async (call) => {
        const request = checkAsyncImagesRequest(call);
        const work = new AsyncImagesWork(parts.annotation, texts, request);
        return acceptSubmit(parts, call, {
          inputCount: request.requests?.length ?? 0,
          outputPrefixes: [prefixOf(request.outputConfig)],
          run: (operation) => work.run(operation),
        });
      },
    ],
    [
      "AsyncBatchAnnotateFiles",
      async (call) => {
        const request = checkAsyncFilesRequest(call);
        const work = new AsyncFilesWork(parts.annotation, texts, request);
        return acceptSubmit(parts, call, {
          inputCount: request.requests?.length ?? 0,
          outputPrefixes: (request.requests ?? []).map(({ outputConfig }) =>
            prefixOf(outputConfig),
          ),
          run: (operation) => work.run(operation),
        });
      },
    ],
  ]);
}

function prefixOf(output: OutputConfigJson | undefined): string {
  return output?.gcsDestination?.uri ?? "";
}
