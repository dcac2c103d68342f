import type { Feature } from "../annotators/annotator.ts";

// The requests of ImageAnnotator in proto3 JSON form, as both codecs hand them over: the type of
// each field has been checked, and every field may be absent.

/** `Feature`; a number stands for a type that the version does not know. */
export interface FeatureJson {
  readonly type?: string | number;
  readonly maxResults?: number;
  readonly model?: string;
}

/** `Image`. */
export interface ImageJson {
  readonly content?: string;
  readonly source?: { readonly gcsImageUri?: string; readonly imageUri?: string };
}

/** `AnnotateImageRequest`. */
export interface AnnotateImageRequestJson {
  readonly image?: ImageJson;
  readonly features?: readonly FeatureJson[];
  readonly imageContext?: Readonly<Record<string, unknown>>;
}

/** `InputConfig`. */
export interface InputConfigJson {
  readonly gcsSource?: { readonly uri?: string };
  readonly content?: string;
  readonly mimeType?: string;
}

/** `OutputConfig`. */
export interface OutputConfigJson {
  readonly gcsDestination?: { readonly uri?: string };
  readonly batchSize?: number;
}

/** `AnnotateFileRequest`, and `AsyncAnnotateFileRequest`, which has no pages but an output. */
export interface AnnotateFileRequestJson {
  readonly inputConfig?: InputConfigJson;
  readonly features?: readonly FeatureJson[];
  readonly imageContext?: Readonly<Record<string, unknown>>;
  readonly pages?: readonly number[];
  readonly outputConfig?: OutputConfigJson;
}

/** What the requests of all methods have in common. */
export interface ParentJson {
  readonly parent?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The request of BatchAnnotateImages and AsyncBatchAnnotateImages. */
export interface ImagesRequestJson extends ParentJson {
  readonly requests?: readonly AnnotateImageRequestJson[];
  readonly outputConfig?: OutputConfigJson;
}

/** The request of BatchAnnotateFiles and AsyncBatchAnnotateFiles. */
export interface FilesRequestJson extends ParentJson {
  readonly requests?: readonly AnnotateFileRequestJson[];
}

/** The features of a validated request, as annotators take them. */
export function annotatorFeatures(
  features: readonly FeatureJson[] | undefined,
): readonly Feature[] {
  return (features ?? []).map((feature) => ({ ...feature, type: String(feature.type) }));
}

/** The URI of an image; `imageUri` wins. Source: ImageSource.image_uri in image_annotator.proto. */
export function imageUri(image: ImageJson | undefined): string {
  return image?.source?.imageUri || image?.source?.gcsImageUri || "";
}
