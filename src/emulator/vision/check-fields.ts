import { batchSizeRange, fileMimeTypes, locations } from "../../protocol/limits.ts";
import {
  imageUri,
  type AnnotateFileRequestJson,
  type FeatureJson,
  type ImageJson,
  type OutputConfigJson,
  type ParentJson,
} from "./request-json.ts";
import type { Violations } from "./violations.ts";

/** What the feature checks need to know of the version that was called. */
export interface FeatureTypes {
  /** The full name of the enum, e.g. `google.cloud.vision.v1.Feature.Type`. */
  readonly typeName: string;
  readonly names: ReadonlySet<string>;
}

/** Whether a URI is `gs://bucket/object`; an output prefix may end with the bucket's slash. */
function isObjectUri(uri: string): boolean {
  return /^gs:\/\/[^/]+\/./.test(uri);
}

/** Features: at least one, each of a type that the version has. */
export function checkFeatures(
  features: readonly FeatureJson[] | undefined,
  { field, types, violations }: { field: string; types: FeatureTypes; violations: Violations },
): void {
  if (features === undefined || features.length === 0) {
    violations.add(field, "Request must specify image and features.");
  }
  features?.forEach(({ type = "TYPE_UNSPECIFIED", maxResults = 0 }, index) => {
    const at = `${field}[${index}]`;
    if (type === "TYPE_UNSPECIFIED" || type === 0) {
      violations.add(`${at}.type`, `Feature type must be specified at '${at}.type'.`);
    } else if (!types.names.has(String(type))) {
      violations.add(
        `${at}.type`,
        `Invalid value at '${at}.type' (type.googleapis.com/${types.typeName}), ${JSON.stringify(type)}`,
      );
    }
    if (maxResults < 0) {
      violations.add(`${at}.maxResults`, `max_results must not be negative at '${at}'.`);
    }
  });
}

/** An image of a synchronous request: content, or a gs://, http:// or https:// source. */
export function checkSyncImage(
  image: ImageJson | undefined,
  field: string,
  violations: Violations,
): void {
  if (image?.content !== undefined && image.content !== "") return;
  const uri = imageUri(image);
  if (uri === "") {
    violations.add(field, "Request must specify image and features.");
  } else if (!isObjectUri(uri) && !/^https?:\/\/[^/]/.test(uri)) {
    violations.add(`${field}.source.imageUri`, `Invalid image URI: ${uri}`);
  }
}

/** An image of an asynchronous request: a gs:// source and nothing else. */
export function checkAsyncImage(
  image: ImageJson | undefined,
  field: string,
  violations: Violations,
): void {
  if (image?.content !== undefined && image.content !== "") {
    violations.add(
      `${field}.content`,
      "Image content is not supported for asynchronous requests: use a Google Cloud Storage source.",
    );
    return;
  }
  const uri = imageUri(image);
  if (uri === "") {
    violations.add(field, "Request must specify image and features.");
  } else if (!isObjectUri(uri)) {
    violations.add(
      `${field}.source.imageUri`,
      `Invalid Google Cloud Storage URI: ${uri}; asynchronous requests take gs://bucket/object only.`,
    );
  }
}

/** The input of a file request. */
export function checkInputConfig(
  { inputConfig }: AnnotateFileRequestJson,
  { field, sync, violations }: { field: string; sync: boolean; violations: Violations },
): void {
  const { content = "", gcsSource, mimeType = "" } = inputConfig ?? {};
  const uri = gcsSource?.uri ?? "";
  if (content !== "" && !sync) {
    violations.add(
      `${field}.content`,
      "File content is not supported for asynchronous requests: use a Google Cloud Storage source.",
    );
  } else if (content === "" && !isObjectUri(uri)) {
    violations.add(
      `${field}.gcsSource.uri`,
      `Invalid Google Cloud Storage URI: ${JSON.stringify(uri)}`,
    );
  }
  if (!(fileMimeTypes as readonly string[]).includes(mimeType)) {
    violations.add(
      `${field}.mimeType`,
      `Unsupported input file format ${JSON.stringify(mimeType)}; supported: ${fileMimeTypes.join(", ")}.`,
    );
  }
}

/** Where results are to be written. */
export function checkOutputConfig(
  outputConfig: OutputConfigJson | undefined,
  field: string,
  violations: Violations,
): void {
  const uri = outputConfig?.gcsDestination?.uri ?? "";
  if (!/^gs:\/\/[^/]+\//.test(uri)) {
    violations.add(
      `${field}.gcsDestination.uri`,
      `Invalid output location ${JSON.stringify(uri)}: a gs://bucket/prefix is required.`,
    );
  }
  const batchSize = outputConfig?.batchSize ?? 0;
  const { min, max } = batchSizeRange;
  // Zero on the wire cannot be told from an absent field, which means the default.
  if (batchSize !== 0 && (batchSize < min || batchSize > max)) {
    violations.add(
      `${field}.batchSize`,
      `Invalid batch_size ${batchSize}: the valid range is [${min}, ${max}].`,
    );
  }
}

/** The parent, `projects/P` or `projects/P/locations/L`, and the labels. */
export function checkParent(
  { parent = "", labels = {} }: ParentJson,
  violations: Violations,
): void {
  const match = /^projects\/[^/]+(?:\/locations\/([^/]+))?$/.exec(parent);
  const location = match?.[1];
  const served = location === undefined || (locations as readonly string[]).includes(location);
  if (parent !== "" && (match === null || !served)) {
    violations.add(
      "parent",
      `Invalid parent ${JSON.stringify(parent)}: the format is projects/{project-id}/locations/{location-id} ` +
        `with one of the locations ${locations.join(", ")}.`,
    );
  }
  checkLabels(labels, violations);
}

function checkLabels(labels: Readonly<Record<string, string>>, violations: Violations): void {
  for (const [key, value] of Object.entries(labels)) {
    // Source: AsyncBatchAnnotateImagesRequest.labels in image_annotator.proto.
    if (
      !/^\p{Ll}[\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) ||
      !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)
    ) {
      violations.add(
        `labels[${JSON.stringify(key)}]`,
        `Invalid label ${JSON.stringify(key)}: ${JSON.stringify(value)}.`,
      );
    }
  }
}
