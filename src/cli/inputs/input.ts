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
