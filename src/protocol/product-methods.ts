import type { MethodTables } from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";
import type { MessageInit } from "./message-init.ts";
import type { MessageOf } from "./message-types.ts";

/** A version of the API that has ProductSearch. */
export type ProductSearchVersion = {
  [V in ApiVersion]: MethodTables[V] extends HasProductSearch ? V : never;
}[ApiVersion];

/** The versions that have ProductSearch; a test holds them to the method tables. */
export const productSearchVersions = [
  "v1",
  "v1p3beta1",
  "v1p4beta1",
] as const satisfies readonly ProductSearchVersion[];

interface HasProductSearch {
  readonly ProductSearch: { readonly methods: object };
}

type Table<V extends ProductSearchVersion> = MethodTables[V]["ProductSearch"]["methods"];

/** A method of ProductSearch, in any version. */
export type ProductSearchMethod = keyof Table<"v1">;

/** The versions that have a method of ProductSearch. */
export type VersionsWithProduct<M extends ProductSearchMethod> = {
  [V in ProductSearchVersion]: M extends keyof Table<V> ? V : never;
}[ProductSearchVersion];

type Entry<V extends ProductSearchVersion, M extends ProductSearchMethod> = M extends keyof Table<V>
  ? Table<V>[M]
  : never;

/** The message whose name an entry of the table has in a field. */
type Named<Entry, Field extends string> = Entry extends {
  readonly [F in Field]: infer Name extends string;
}
  ? MessageOf<Name>
  : never;

/** What the table says of the operation of a long-running method. */
type OperationOf<Entry> = Entry extends { readonly [F in "operation"]: infer Operation }
  ? Operation
  : never;

/** What may be passed to a method of ProductSearch. */
export type ProductRequestOf<
  V extends ProductSearchVersion,
  M extends ProductSearchMethod,
> = MessageInit<Named<Entry<V, M>, "requestType">>;

/** What a method of ProductSearch answers. */
export type ProductResponseOf<
  V extends ProductSearchVersion,
  M extends ProductSearchMethod,
> = Named<Entry<V, M>, "responseType">;

/** What the operation of a long-running method of ProductSearch ends in. */
export type ProductResultOf<V extends ProductSearchVersion, M extends ProductSearchMethod> = Named<
  OperationOf<Entry<V, M>>,
  "responseType"
>;

/** What the operation of a long-running method of ProductSearch reports on the way. */
export type ProductMetadataOf<
  V extends ProductSearchVersion,
  M extends ProductSearchMethod,
> = Named<OperationOf<Entry<V, M>>, "metadataType">;
