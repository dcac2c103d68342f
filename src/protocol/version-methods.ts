import type { MethodTables } from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";
import type { MessageInit } from "./message-init.ts";
import type { MessageOf } from "./message-types.ts";

type Table<V extends ApiVersion> = MethodTables[V]["ImageAnnotator"]["methods"];

/** The messages of each method of ImageAnnotator over gRPC, by version. */
export type VersionMethods = {
  readonly [V in ApiVersion]: {
    readonly [M in keyof Table<V> as Table<V>[M] extends OverGrpc ? M : never]: Messages<
      Table<V>[M]
    >;
  };
};

/** Methods that REST alone has are without a path in the table. */
interface OverGrpc {
  readonly path: string;
}

type Messages<Entry> = Entry extends {
  readonly requestType: infer Request extends string;
  readonly operation: {
    readonly responseType: infer Result extends string;
    readonly metadataType: infer Metadata extends string;
  };
}
  ? {
      readonly request: MessageOf<Request>;
      readonly result: MessageOf<Result>;
      readonly metadata: MessageOf<Metadata>;
    }
  : Entry extends {
        readonly requestType: infer Request extends string;
        readonly responseType: infer Response extends string;
      }
    ? { readonly request: MessageOf<Request>; readonly response: MessageOf<Response> }
    : never;

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
