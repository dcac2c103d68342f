import type { MethodTables } from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";
import type { MessageInit } from "./message-init.ts";
import type { MessageOf } from "./message-types.ts";
import type { TransportName } from "./method-table.ts";

type Table<V extends ApiVersion> = MethodTables[V]["ImageAnnotator"]["methods"];

/** The messages of each method of ImageAnnotator that a version has over a transport. */
export type MethodsOver<V extends ApiVersion, T extends TransportName = "grpc"> = {
  readonly [M in keyof Table<V> as Table<V>[M] extends Reached<T> ? M : never]: Messages<
    Over<Table<V>[M], T>
  >;
};

/** Methods that REST alone has are without a path in the table; a transport that may be either has what both have. */
type Reached<T extends TransportName> = "grpc" extends T ? { readonly path: string } : object;

/** An entry with the messages that it has over a transport. */
type Over<Entry, T extends TransportName> = "grpc" extends T
  ? Entry
  : Entry extends { readonly rest: infer Messages }
    ? Omit<Entry, keyof Messages> & Messages
    : Entry;

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

/** The methods that a version has over a transport. */
export type MethodOf<V extends ApiVersion, T extends TransportName = "grpc"> = AnnotateMethod &
  keyof MethodsOver<V, T>;

/** The versions that have a method over a transport. */
export type VersionsWith<M extends AnnotateMethod, T extends TransportName = "grpc"> = {
  [V in ApiVersion]: M extends keyof MethodsOver<V, T> ? V : never;
}[ApiVersion];

type Field<Messages, M, F extends string> = M extends keyof Messages
  ? F extends keyof Messages[M]
    ? Messages[M][F]
    : never
  : never;

/** What may be passed to a method of a version. */
export type RequestOf<
  V extends ApiVersion,
  M extends AnnotateMethod,
  T extends TransportName = "grpc",
> = MessageInit<Field<MethodsOver<V, T>, M, "request">>;

/** What a unary method of a version answers. */
export type ResponseOf<
  V extends ApiVersion,
  M extends AnnotateMethod,
  T extends TransportName = "grpc",
> = Field<MethodsOver<V, T>, M, "response">;

/** What the operation of a long-running method of a version ends in. */
export type ResultOf<
  V extends ApiVersion,
  M extends AnnotateMethod,
  T extends TransportName = "grpc",
> = Field<MethodsOver<V, T>, M, "result">;

/** What the operation of a long-running method of a version reports on the way. */
export type MetadataOf<
  V extends ApiVersion,
  M extends AnnotateMethod,
  T extends TransportName = "grpc",
> = Field<MethodsOver<V, T>, M, "metadata">;
