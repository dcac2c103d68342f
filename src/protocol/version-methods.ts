import type * as v1 from "../../generated/google/cloud/vision/v1/image_annotator.ts";
import type * as v1p1beta1 from "../../generated/google/cloud/vision/v1p1beta1/image_annotator.ts";
import type * as v1p2beta1 from "../../generated/google/cloud/vision/v1p2beta1/image_annotator.ts";
import type * as v1p3beta1 from "../../generated/google/cloud/vision/v1p3beta1/image_annotator.ts";
import type * as v1p4beta1 from "../../generated/google/cloud/vision/v1p4beta1/image_annotator.ts";
import type { ApiVersion } from "./api-version.ts";
import type { MessageInit } from "./message-init.ts";

interface Unary<Request, Response> {
  readonly request: Request;
  readonly response: Response;
}

interface LongRunning<Request, Result, Metadata> {
  readonly request: Request;
  readonly result: Result;
  readonly metadata: Metadata;
}

/** The messages of each method of ImageAnnotator over gRPC, by version. */
export interface VersionMethods {
  readonly v1: {
    readonly batchAnnotateImages: Unary<
      v1.BatchAnnotateImagesRequest,
      v1.BatchAnnotateImagesResponse
    >;
    readonly batchAnnotateFiles: Unary<v1.BatchAnnotateFilesRequest, v1.BatchAnnotateFilesResponse>;
    readonly asyncBatchAnnotateImages: LongRunning<
      v1.AsyncBatchAnnotateImagesRequest,
      v1.AsyncBatchAnnotateImagesResponse,
      v1.OperationMetadata
    >;
    readonly asyncBatchAnnotateFiles: LongRunning<
      v1.AsyncBatchAnnotateFilesRequest,
      v1.AsyncBatchAnnotateFilesResponse,
      v1.OperationMetadata
    >;
  };
  readonly v1p1beta1: {
    readonly batchAnnotateImages: Unary<
      v1p1beta1.BatchAnnotateImagesRequest,
      v1p1beta1.BatchAnnotateImagesResponse
    >;
  };
  readonly v1p2beta1: {
    readonly batchAnnotateImages: Unary<
      v1p2beta1.BatchAnnotateImagesRequest,
      v1p2beta1.BatchAnnotateImagesResponse
    >;
    readonly asyncBatchAnnotateFiles: LongRunning<
      v1p2beta1.AsyncBatchAnnotateFilesRequest,
      v1p2beta1.AsyncBatchAnnotateFilesResponse,
      v1p2beta1.OperationMetadata
    >;
  };
  readonly v1p3beta1: {
    readonly batchAnnotateImages: Unary<
      v1p3beta1.BatchAnnotateImagesRequest,
      v1p3beta1.BatchAnnotateImagesResponse
    >;
    readonly asyncBatchAnnotateFiles: LongRunning<
      v1p3beta1.AsyncBatchAnnotateFilesRequest,
      v1p3beta1.AsyncBatchAnnotateFilesResponse,
      v1p3beta1.OperationMetadata
    >;
  };
  readonly v1p4beta1: {
    readonly batchAnnotateImages: Unary<
      v1p4beta1.BatchAnnotateImagesRequest,
      v1p4beta1.BatchAnnotateImagesResponse
    >;
    readonly batchAnnotateFiles: Unary<
      v1p4beta1.BatchAnnotateFilesRequest,
      v1p4beta1.BatchAnnotateFilesResponse
    >;
    readonly asyncBatchAnnotateImages: LongRunning<
      v1p4beta1.AsyncBatchAnnotateImagesRequest,
      v1p4beta1.AsyncBatchAnnotateImagesResponse,
      v1p4beta1.OperationMetadata
    >;
    readonly asyncBatchAnnotateFiles: LongRunning<
      v1p4beta1.AsyncBatchAnnotateFilesRequest,
      v1p4beta1.AsyncBatchAnnotateFilesResponse,
      v1p4beta1.OperationMetadata
    >;
  };
}

/** A method of ImageAnnotator, in any version. */
export type AnnotateMethod =
  | "batchAnnotateImages"
  | "batchAnnotateFiles"
  | "asyncBatchAnnotateImages"
  | "asyncBatchAnnotateFiles";

/** The versions that have a method. */
export type VersionsWith<M extends AnnotateMethod> = {
  [V in ApiVersion]: M extends keyof VersionMethods[V] ? V : never;
}[ApiVersion];

type Field<
  V extends ApiVersion,
  M extends AnnotateMethod,
  F extends string,
> = M extends keyof VersionMethods[V]
  ? F extends keyof VersionMethods[V][M]
    ? VersionMethods[V][M][F]
    : never
  : never;

/** What may be passed to a method of a version. */
export type RequestOf<V extends ApiVersion, M extends AnnotateMethod> = MessageInit<
  Field<V, M, "request">
>;

/** What a unary method of a version answers. */
export type ResponseOf<V extends ApiVersion, M extends AnnotateMethod> = Field<V, M, "response">;

/** What the operation of a long-running method of a version ends in. */
export type ResultOf<V extends ApiVersion, M extends AnnotateMethod> = Field<V, M, "result">;

/** What the operation of a long-running method of a version reports on the way. */
export type MetadataOf<V extends ApiVersion, M extends AnnotateMethod> = Field<V, M, "metadata">;
