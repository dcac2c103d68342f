import type { ApiVersion } from "../protocol/api-version.ts";
import { maxImageBytes } from "../protocol/limits.ts";
import { features } from "./feature-rules.ts";
import { imageContext } from "./image-context-rules.ts";
import type { ProblemLog } from "./problem-log.ts";
import { bytes, field, literalMessage, required, text, type Checked, type Rule } from "./rules.ts";
import { checkAnySource, checkObjectUri } from "./uri-rules.ts";

/** How a method takes its inputs: an asynchronous one from Cloud Storage only. */
export type SourceKind = "gsOnly" | "any";

/** One image with its features. */
export function annotateImageRequest(version: ApiVersion, sources: SourceKind): Rule {
  const imageField = field("image", required(image(sources), "the image to annotate"));
  const featuresField = field("features", features(version));
  const contextField = field("imageContext", imageContext(version));
  return literalMessage((value, log) => ({
    image: imageField(value["image"], log),
    features: featuresField(value["features"], log),
    imageContext: contextField(value["imageContext"], log),
  }));
}

function image(sources: SourceKind): Rule {
  const gcsImageUri = field("gcsImageUri", text(checkObjectUri));
  const imageUri = field("imageUri", text(sources === "gsOnly" ? checkObjectUri : checkAnySource));
  const source = literalMessage(
    (value, log) => ({
      gcsImageUri: gcsImageUri(value["gcsImageUri"], log),
      imageUri: imageUri(value["imageUri"], log),
    }),
    checkSource,
  );
  const contentField = field("content", bytes);
  const sourceField = field("source", source);
  return literalMessage(
    (value, log) => ({
      content: contentField(value["content"], log),
      source: sourceField(value["source"], log),
    }),
    sources === "gsOnly" ? checkStored : checkEither,
  );
}

function checkSource({ gcsImageUri, imageUri }: Checked, log: ProblemLog): void {
  if (imageUri === "" && gcsImageUri === "") {
    log.addAt("imageUri", undefined, "is required: gs://bucket/object");
  } else if (imageUri !== "" && gcsImageUri !== "") {
    log.addAt("gcsImageUri", gcsImageUri, "imageUri is set too and would win: give one of them");
  }
}

function checkStored({ content, source }: Checked, log: ProblemLog): void {
  if (!isEmpty(content)) {
    log.addAt("content", content, "an asynchronous request takes images from gs:// URIs only");
  } else if (source === undefined) {
    log.addAt("source", source, "is required: { imageUri: gs://bucket/object }");
  }
}

function checkEither({ content, source }: Checked, log: ProblemLog): void {
  if (isEmpty(content)) {
    if (source === undefined) log.add(undefined, "is required: content or source");
    return;
  }
  if (source !== undefined)
    log.addAt("source", source, "content is set too and would win: give one");
  const { length } = content as Uint8Array;
  if (length > maxImageBytes) {
    log.addAt("content", content, `is larger than ${maxImageBytes} bytes`);
  }
}

/** Whether a bytes field is absent or has none. */
export function isEmpty(content: unknown): boolean {
  return content === undefined || (content as Uint8Array).length === 0;
}
