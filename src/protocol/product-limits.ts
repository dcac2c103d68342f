import type { ProductSearchVersion } from "./product-methods.ts";

// Source of every number here unless said otherwise: the comments of
// google/cloud/vision/*/product_search_service.proto.

/** Characters of an id that a caller chooses; it has no `/`. */
export const maxResourceIdLength = 128;
/** Characters of the display name of a product or product set. */
export const maxDisplayNameLength = 4096;
/** Characters of the description of a product. */
export const maxDescriptionLength = 4096;
/** Characters of the URI of a reference image. */
export const maxReferenceUriLength = 4096;
/** Bytes of the key, and of the value, of a product label. */
export const maxProductLabelBytes = 128;
/** Product sets that a product may be in. */
export const maxProductSetsPerProduct = 100;
/** Bounding polygons of a reference image. */
export const maxPolygonsPerImage = 10;
/** Pixels of the short edge of a bounding polygon, once it is a rectangle. */
export const minPolygonEdge = 300;
/** The long edge of a bounding polygon by its short one. */
export const maxPolygonRatio = 4;
/** Resources in a page of a list. */
export const productPageSize = { min: 1, max: 100, default: 10 } as const;
/** The categories of products; those without a version are kept for old products. */
export const productCategories = [
  "homegoods-v2",
  "apparel-v2",
  "toys-v2",
  "packagedgoods-v1",
  "general-v1",
  "homegoods",
  "apparel",
  "toys",
] as const;
/** Lines of a CSV file to import. Source: https://cloud.google.com/vision/product-search/docs/csv-format */
export const maxImportLines = 20_000;
/** Characters of such a line. Source: as {@link maxImportLines}. */
export const maxImportLineLength = 2048;

/** Labels of a product. */
export function maxProductLabels(version: ProductSearchVersion): number {
  return version === "v1p3beta1" ? 100 : 500;
}
