/**
 * The messages and enums of v1 of the API, as its .proto files have them. Enums are constants of
 * numbers; 64-bit integers are decimal strings.
 *
 * @module vision-batch/v1
 */
export * from "../../generated/google/cloud/vision/v1/geometry.ts";
export * from "../../generated/google/cloud/vision/v1/image_annotator.ts";
export * from "../../generated/google/cloud/vision/v1/product_search.ts";
export * from "../../generated/google/cloud/vision/v1/product_search_service.ts";
export * from "../../generated/google/cloud/vision/v1/text_annotation.ts";
export * from "../../generated/google/cloud/vision/v1/web_detection.ts";
export { Any } from "../../generated/google/protobuf/any.ts";
export { FieldMask } from "../../generated/google/protobuf/field_mask.ts";
export { Timestamp } from "../../generated/google/protobuf/timestamp.ts";
export { Status } from "../../generated/google/rpc/status.ts";
export { Color } from "../../generated/google/type/color.ts";
export { LatLng } from "../../generated/google/type/latlng.ts";
