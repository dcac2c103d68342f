export * from "../../generated/google/cloud/vision/v1p3beta1/geometry.ts";
export * from "../../generated/google/cloud/vision/v1p3beta1/image_annotator.ts";
export * from "../../generated/google/cloud/vision/v1p3beta1/product_search.ts";
export * from "../../generated/google/cloud/vision/v1p3beta1/product_search_service.ts";
export * from "../../generated/google/cloud/vision/v1p3beta1/text_annotation.ts";
export * from "../../generated/google/cloud/vision/v1p3beta1/web_detection.ts";
