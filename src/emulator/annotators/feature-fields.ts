import type { AnnotateImageResponseJson } from "./response-json.ts";

/** One asked feature, as `google.cloud.vision.v1.Feature` in JSON. */
export interface Feature {
  /** The name of a `Feature.Type`, e.g. `TEXT_DETECTION`. */
  readonly type: string;
  /** The most results of this kind; 0 or absent for no limit. It does not apply to text. */
  readonly maxResults?: number;
  /** Accepted and not looked at: there is one model. */
  readonly model?: string;
}

type ResponseField = Exclude<keyof AnnotateImageResponseJson, "error" | "context">;

const fieldsByFeature: ReadonlyMap<string, readonly ResponseField[]> = new Map([
  ["TEXT_DETECTION", ["textAnnotations", "fullTextAnnotation"]],
  ["DOCUMENT_TEXT_DETECTION", ["textAnnotations", "fullTextAnnotation"]],
  ["FACE_DETECTION", ["faceAnnotations"]],
  ["LANDMARK_DETECTION", ["landmarkAnnotations"]],
  ["LOGO_DETECTION", ["logoAnnotations"]],
  ["LABEL_DETECTION", ["labelAnnotations"]],
  ["OBJECT_LOCALIZATION", ["localizedObjectAnnotations"]],
  ["SAFE_SEARCH_DETECTION", ["safeSearchAnnotation"]],
  ["IMAGE_PROPERTIES", ["imagePropertiesAnnotation"]],
  ["CROP_HINTS", ["cropHintsAnnotation"]],
  ["WEB_DETECTION", ["webDetection"]],
  ["PRODUCT_SEARCH", ["productSearchResults"]],
]);

const unlimited = new Set(["TEXT_DETECTION", "DOCUMENT_TEXT_DETECTION", "CROP_HINTS"]);

const computed = new Set([...unlimited, "IMAGE_PROPERTIES"]);

/** Every field that a response may have, `error` and `context` included. */
export const responseFields: ReadonlySet<string> = new Set([
  ...[...fieldsByFeature.values()].flat(),
  "error",
  "context",
]);

/** Whether a feature is worked out from the pixels here; every other one comes from recorded responses. */
export function isComputed(feature: Feature): boolean {
  return computed.has(feature.type);
}

/** Copies what the features ask for out of a recorded response, and its `error`; lists are cut at `maxResults`. */
export function selectFeatures(
  recorded: AnnotateImageResponseJson,
  features: readonly Feature[],
): AnnotateImageResponseJson {
  const selected: Record<string, unknown> = {};
  for (const feature of features) {
    for (const field of fieldsByFeature.get(feature.type) ?? []) {
      const value = recorded[field];
      if (value !== undefined) selected[field] = cut(value, feature);
    }
  }
  if (recorded.error !== undefined) selected["error"] = recorded.error;
  return selected;
}

function cut(value: unknown, feature: Feature): unknown {
  const limit = feature.maxResults ?? 0;
  const limited = Array.isArray(value) && limit > 0 && !unlimited.has(feature.type);
  return limited ? value.slice(0, limit) : value;
}
