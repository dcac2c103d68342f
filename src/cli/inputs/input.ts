/** How a file is annotated: as an image, or page by page as a document. */
export type InputKind = "image" | "document";

/** An input as it was found, before it is in the bucket. */
export interface FoundInput {
  /** What the user sees of it: the path or URI. */
  readonly given: string;
  readonly source:
    | { readonly type: "object"; readonly uri: string }
    | { readonly type: "file"; readonly path: string };
}

/** An input in the bucket, ready to be submitted. */
export interface JobInput {
  /** Its place among all inputs, from 0. */
  readonly index: number;
  readonly given: string;
  /** `gs://bucket/object`. */
  readonly uri: string;
  readonly kind: InputKind;
  /** For a document: `application/pdf`, `image/tiff` or `image/gif`. */
  readonly mimeType?: string;
}
