// The resources of Product Search in proto3 JSON form: a field that holds its default is absent.

/** `ProductSet`. */
export interface ProductSetJson {
  readonly name: string;
  readonly displayName: string;
  /** The emulator has no index, so that this stays what it is before the first one. */
  readonly indexTime: string;
}

/** `Product.KeyValue`. */
export interface ProductLabelJson {
  readonly key?: string;
  readonly value?: string;
}

/** `Product`. */
export interface ProductJson {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string;
  readonly productCategory: string;
  readonly productLabels?: readonly ProductLabelJson[];
}

/** `BoundingPoly`. */
export interface PolygonJson {
  readonly vertices?: readonly { readonly x?: number; readonly y?: number }[];
  readonly normalizedVertices?: readonly { readonly x?: number; readonly y?: number }[];
}

/** `ReferenceImage`. */
export interface ReferenceImageJson {
  readonly name: string;
  readonly uri: string;
  readonly boundingPolys?: readonly PolygonJson[];
}

/** Source: ProductSet.index_time in product_search_service.proto, of a set that was never indexed. */
export const neverIndexed = "1970-01-01T00:00:00Z";
