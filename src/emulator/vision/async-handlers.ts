import type { CallLog } from "../call-log.ts";
import type { AcceptedCall, CallHandler } from "../emulated-call.ts";
import type { OperationRunner } from "../operations/operation-runner.ts";
import type { OperationStore } from "../operations/operation-store.ts";
import { fingerprintOf, textOf, type PlainJson } from "../plain-json.ts";
import { AsyncFilesWork } from "./async-files-work.ts";
import { AsyncImagesWork } from "./async-images-work.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { checkAsyncFilesRequest, checkAsyncImagesRequest } from "./check-requests.ts";
import type { OutputConfigJson } from "./request-json.ts";
import { ResponseTexts } from "./response-texts.ts";
import type { Operation } from "../operations/operation.ts";

/** What the asynchronous methods need beside annotating. */
export interface AsyncHandlersParts {
  readonly annotation: AnnotationParts;
  readonly operations: OperationStore;
  readonly runner: OperationRunner;
  readonly log: CallLog;
  /** The project of operations whose request names no parent. */
  readonly projectId: string;
}

interface Submit {
  readonly inputCount: number;
  readonly outputs: readonly (OutputConfigJson | undefined)[];
  readonly run: (operation: Operation) => Promise<PlainJson>;
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
        return accept(parts, call, {
          inputCount: request.requests?.length ?? 0,
          outputs: [request.outputConfig],
          run: (operation) => work.run(operation),
        });
      },
    ],
    [
      "AsyncBatchAnnotateFiles",
      async (call) => {
        const request = checkAsyncFilesRequest(call);
        const work = new AsyncFilesWork(parts.annotation, texts, request);
        return accept(parts, call, {
          inputCount: request.requests?.length ?? 0,
          outputs: (request.requests ?? []).map(({ outputConfig }) => outputConfig),
          run: (operation) => work.run(operation),
        });
      },
    ],
  ]);
}

function accept(parts: AsyncHandlersParts, call: AcceptedCall, submit: Submit): PlainJson {
  const types = call.entry.operation ?? { responseType: "", metadataType: "" };
  const parent = textOf(call.request["parent"]) || `projects/${parts.projectId}`;
  const operation = parts.operations.create(parent, types.metadataType);
  parts.log.addSubmit({
    method: call.entry.name,
    version: call.version ?? "v1",
    transport: call.transport,
    time: new Date(parts.annotation.clock.now()).toISOString(),
    inputCount: submit.inputCount,
    outputPrefixes: submit.outputs.map((output) => output?.gcsDestination?.uri ?? ""),
    fingerprint: fingerprintOf(call.request),
    operationName: operation.name,
  });
  parts.runner.launch(operation, {
    units: submit.inputCount,
    strike: call.operationStrike,
    run: async (running) => ({
      "@type": `type.googleapis.com/${types.responseType}`,
      ...(await submit.run(running)),
    }),
  });
  return operation.toJson();
}
