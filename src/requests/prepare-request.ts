import { InvalidRequestError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import {
  maxFilesPerSyncRequest,
  maxImagesPerAsyncRequest,
  maxImagesPerSyncRequest,
} from "../protocol/limits.ts";
import type { AnnotateMethod, RequestOf } from "../protocol/version-methods.ts";
import { labels, parent } from "./envelope-rules.ts";
import { annotateFileRequest, asyncAnnotateFileRequest } from "./file-rules.ts";
import { annotateImageRequest } from "./image-rules.ts";
import { checkOwnPrefixes, outputConfig } from "./output-rules.ts";
import { ProblemLog } from "./problem-log.ts";
import { kindOf, list, message, required, type Rule } from "./rules.ts";

/**
 * Checks a request in one pass and makes of it the message to encode: every field present, feature
 * names as numbers. Parts of the input are kept as they are (bytes, strings) or shared between
 * images that share them (features), so the message is to be read only.
 * @throws {@link InvalidRequestError} listing every problem; nothing has been sent then.
 */
export function prepareRequest<V extends ApiVersion, M extends AnnotateMethod>(
  version: V,
  method: M,
  init: RequestOf<V, M>,
): object {
  const log = new ProblemLog();
  const checked: unknown = ruleOf(version, method)(init, log);
  // Plain JavaScript may leave it out.
  if ((init as unknown) === undefined) log.add(init, `expected a request, got ${kindOf(init)}`);
  if (log.problems.length > 0) throw new InvalidRequestError(`${method} request`, log.problems);
  return checked as object;
}

const rules = new Map<string, Rule>();

function ruleOf(version: ApiVersion, method: AnnotateMethod): Rule {
  const key = `${version} ${method}`;
  let rule = rules.get(key);
  if (rule === undefined) {
    rule = builders[method](version);
    rules.set(key, rule);
  }
  return rule;
}

const builders: Readonly<Record<AnnotateMethod, (version: ApiVersion) => Rule>> = {
  batchAnnotateImages: (version) =>
    message({
      requests: batch(annotateImageRequest(version, "any"), "image", maxImagesPerSyncRequest),
      ...envelope(version),
    }),
  batchAnnotateFiles: (version) =>
    message({
      requests: batch(annotateFileRequest(version), "file", maxFilesPerSyncRequest),
      ...envelope(version),
    }),
  asyncBatchAnnotateImages: (version) =>
    message({
      requests: batch(annotateImageRequest(version, "gsOnly"), "image", maxImagesPerAsyncRequest),
      outputConfig: required(outputConfig, "where the results shall go"),
      ...envelope(version),
    }),
  asyncBatchAnnotateFiles: (version) =>
    message({ requests: files(asyncAnnotateFileRequest(version)), ...envelope(version) }),
};

/** Parent and labels stand in the messages of v1 only. */
function envelope(version: ApiVersion): Readonly<Record<string, Rule>> {
  return version === "v1" ? { parent, labels } : {};
}

function batch(item: Rule, noun: string, max: number): Rule {
  return list(item, (items, log) => {
    if (items.length === 0) log.add(items, `has no ${noun}`);
    if (items.length > max) {
      log.add(items, `has ${items.length} ${noun}s; one request takes at most ${max}`);
    }
  });
}

/** No limit for files of one asynchronous request is documented, so none is set here. */
function files(item: Rule): Rule {
  return list(item, (items, log) => {
    if (items.length === 0) log.add(items, "has no file");
    checkOwnPrefixes(items, log);
  });
}
