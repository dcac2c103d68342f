export * from "../../generated/google/cloud/vision/v1p2beta1/geometry.ts";
export * from "../../generated/google/cloud/vision/v1p2beta1/image_annotator.ts";
export * from "../../generated/google/cloud/vision/v1p2beta1/text_annotation.ts";
export * from "../../generated/google/cloud/vision/v1p2beta1/web_detection.ts";
