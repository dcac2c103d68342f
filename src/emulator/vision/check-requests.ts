import { featuresOfVersion } from "../../protocol/features.ts";
import {
  maxFilesPerSyncRequest,
  maxImagesPerAsyncRequest,
  maxImagesPerSyncRequest,
  maxPagesPerSyncFile,
} from "../../protocol/limits.ts";
import { messagesOver, versionOfType } from "../../protocol/method-table.ts";
import type { EmulatedCall } from "../emulated-call.ts";
import {
  checkAsyncImage,
  checkFeatures,
  checkInputConfig,
  checkOutputConfig,
  checkParent,
  checkSyncImage,
  type FeatureTypes,
} from "./check-fields.ts";
import type {
  AnnotateFileRequestJson,
  FilesRequestJson,
  ImagesRequestJson,
  ParentJson,
} from "./request-json.ts";
import { Violations } from "./violations.ts";

/** The request of BatchAnnotateImages. @throws ServiceError INVALID_ARGUMENT that names every field at fault. */
export function checkImagesRequest(call: EmulatedCall): ImagesRequestJson {
  return checkImages(call, maxImagesPerSyncRequest, new Violations());
}

/** The request of AsyncBatchAnnotateImages. @throws ServiceError as {@link checkImagesRequest}. */
export function checkAsyncImagesRequest(call: EmulatedCall): ImagesRequestJson {
  const violations = new Violations();
  const { outputConfig } = call.request as ImagesRequestJson;
  checkOutputConfig(outputConfig, "outputConfig", violations);
  return checkImages(call, maxImagesPerAsyncRequest, violations);
}

/** The request of BatchAnnotateFiles. @throws ServiceError as {@link checkImagesRequest}. */
export function checkFilesRequest(call: EmulatedCall): FilesRequestJson {
  return checkFiles(call, maxFilesPerSyncRequest, (request, field, violations) => {
    checkInputConfig(request, { field: `${field}.inputConfig`, sync: true, violations });
    checkPages(request.pages ?? [], `${field}.pages`, violations);
  });
}

/** The request of AsyncBatchAnnotateFiles. @throws ServiceError as {@link checkImagesRequest}. */
export function checkAsyncFilesRequest(call: EmulatedCall): FilesRequestJson {
  return checkFiles(call, Infinity, (request, field, violations) => {
    checkInputConfig(request, { field: `${field}.inputConfig`, sync: false, violations });
    checkOutputConfig(request.outputConfig, `${field}.outputConfig`, violations);
  });
}

function checkImages(call: EmulatedCall, limit: number, violations: Violations): ImagesRequestJson {
  const request = call.request as ImagesRequestJson;
  const checkImage = limit === maxImagesPerSyncRequest ? checkSyncImage : checkAsyncImage;
  const types = featureTypes(call);
  checkEnvelope(request, { limit, what: "images", violations });
  request.requests?.slice(0, limit).forEach(({ image, features }, index) => {
    const field = `requests[${index}]`;
    checkImage(image, `${field}.image`, violations);
    checkFeatures(features, { field: `${field}.features`, types, violations });
  });
  violations.throwIfAny();
  return request;
}

function checkFiles(
  call: EmulatedCall,
  limit: number,
  checkFile: (request: AnnotateFileRequestJson, field: string, violations: Violations) => void,
): FilesRequestJson {
  const request = call.request as FilesRequestJson;
  const violations = new Violations();
  const types = featureTypes(call);
  checkEnvelope(request, { limit, what: "files", violations });
  request.requests?.slice(0, limit).forEach((one, index) => {
    const field = `requests[${index}]`;
    checkFile(one, field, violations);
    checkFeatures(one.features, { field: `${field}.features`, types, violations });
  });
  violations.throwIfAny();
  return request;
}

function checkEnvelope(
  request: ParentJson & { readonly requests?: readonly unknown[] },
  { limit, what, violations }: { limit: number; what: string; violations: Violations },
): void {
  const count = request.requests?.length ?? 0;
  if (count === 0) violations.add("requests", `Request must specify at least one of its ${what}.`);
  if (count > limit) {
    violations.add("requests", `Too many ${what} per request: ${count}, the limit is ${limit}.`);
  }
  checkParent(request, violations);
}

function checkPages(pages: readonly number[], field: string, violations: Violations): void {
  if (pages.length > maxPagesPerSyncFile) {
    violations.add(
      field,
      `At most ${maxPagesPerSyncFile} pages are supported per request, not ${pages.length}.`,
    );
  }
  if (pages.includes(0)) violations.add(field, "Pages start from 1: there is no page 0.");
}

/** By the request's own package: some methods take the messages of v1 over REST. */
function featureTypes({ entry, transport }: EmulatedCall): FeatureTypes {
  const { requestType } = messagesOver(entry, transport);
  const packageName = requestType.slice(0, requestType.lastIndexOf("."));
  return {
    typeName: `${packageName}.Feature.Type`,
    names: new Set<string>(featuresOfVersion[versionOfType(requestType) ?? "v1"]),
  };
}
