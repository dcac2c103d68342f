import type { ApiVersion } from "./api-version.ts";
import type { FeatureName } from "./message-init.ts";

/** The number of each feature in `Feature.Type`; it is the same in every version that has the feature. */
export const featureNumbers: Readonly<Record<FeatureName, number>> = {
  FACE_DETECTION: 1,
  LANDMARK_DETECTION: 2,
  LOGO_DETECTION: 3,
  LABEL_DETECTION: 4,
  TEXT_DETECTION: 5,
  SAFE_SEARCH_DETECTION: 6,
  IMAGE_PROPERTIES: 7,
  CROP_HINTS: 9,
  WEB_DETECTION: 10,
  DOCUMENT_TEXT_DETECTION: 11,
  PRODUCT_SEARCH: 12,
  OBJECT_LOCALIZATION: 19,
};

const names = Object.keys(featureNumbers) as FeatureName[];
const withoutSearchAndObjects = names.filter(
  (name) => name !== "PRODUCT_SEARCH" && name !== "OBJECT_LOCALIZATION",
);

/** The features that each version has. Source: the `Feature.Type` enum of each version's image_annotator.proto. */
export const featuresOfVersion: Readonly<Record<ApiVersion, readonly FeatureName[]>> = {
  v1: names,
  v1p1beta1: withoutSearchAndObjects,
  v1p2beta1: withoutSearchAndObjects,
  v1p3beta1: names,
  v1p4beta1: names,
};
