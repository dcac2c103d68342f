import type { ApiVersion } from "../protocol/api-version.ts";
import { fileMimeTypes, maxPagesPerSyncFile } from "../protocol/limits.ts";
import { features } from "./feature-rules.ts";
import { imageContext } from "./image-context-rules.ts";
import { isEmpty } from "./image-rules.ts";
import { outputConfig } from "./output-rules.ts";
import type { ProblemLog } from "./problem-log.ts";
import {
  bytes,
  int32,
  list,
  message,
  numeric,
  required,
  text,
  type Checked,
  type Rule,
} from "./rules.ts";
import { checkObjectUri } from "./uri-rules.ts";

const gcsSource = message({ uri: required(text(checkObjectUri), "gs://bucket/object") });
const mimeTypes: readonly string[] = fileMimeTypes;
const mimeType = required(
  text((value, log) => {
    if (!mimeTypes.includes(value)) log.add(value, `expected one of ${mimeTypes.join(", ")}`);
  }),
  `one of ${mimeTypes.join(", ")}`,
);

/** One file of an asynchronous request, with an output config of its own. */
export function asyncAnnotateFileRequest(version: ApiVersion): Rule {
  // v1p2beta1 and v1p3beta1 have no content in a file's InputConfig.
  const hasContent = version === "v1" || version === "v1p4beta1";
  const inputConfig = message(
    { gcsSource, ...(hasContent ? { content: bytes } : {}), mimeType },
    checkStored,
  );
  return message({
    inputConfig: required(inputConfig, "the file to annotate"),
    features: features(version),
    imageContext: imageContext(version),
    outputConfig: required(outputConfig, "where the results shall go"),
  });
}

/** One file of a request that is answered at once, with the pages to annotate. */
export function annotateFileRequest(version: ApiVersion): Rule {
  const inputConfig = message({ gcsSource, content: bytes, mimeType }, checkEither);
  return message({
    inputConfig: required(inputConfig, "the file to annotate"),
    features: features(version),
    imageContext: imageContext(version),
    pages: list(pageNumber, (items, log) => {
      if (items.length > maxPagesPerSyncFile) {
        log.add(items, `at most ${maxPagesPerSyncFile} pages are annotated at once`);
      }
    }),
  });
}

const anyPage = numeric(int32);

function pageNumber(...[value, log]: Parameters<Rule>): unknown {
  if (value === 0) log.add(value, "pages count from 1, or from -1 for the last");
  return anyPage(value, log);
}

function checkStored({ gcsSource: source, content }: Checked, log: ProblemLog): void {
  if (!isEmpty(content)) {
    log.addAt("content", content, "an asynchronous request takes files from gs:// URIs only");
  } else if (source === undefined) {
    log.addAt("gcsSource", source, "is required: { uri: gs://bucket/object }");
  }
}

function checkEither({ gcsSource: source, content }: Checked, log: ProblemLog): void {
  if (isEmpty(content) && source === undefined) {
    log.add(undefined, "is required: content or gcsSource");
  } else if (!isEmpty(content) && source !== undefined) {
    log.addAt("gcsSource", source, "content is set too: give one of them");
  }
}
