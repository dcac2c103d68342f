export * from "../../generated/google/cloud/vision/v1p4beta1/geometry.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/image_annotator.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/product_search.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/product_search_service.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/text_annotation.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/web_detection.ts";
export * from "../../generated/google/cloud/vision/v1p4beta1/face.ts";
