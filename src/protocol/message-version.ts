import type { MethodTables } from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";
import type { TransportName } from "./method-table.ts";

/** The version whose messages the methods of a version take and give over a transport; REST has its own. */
export type MessageVersion<
  V extends ApiVersion,
  T extends TransportName = "grpc",
> = "grpc" extends T ? V : OverRest<V>;

type OverRest<V extends ApiVersion> = MethodTables[V]["ImageAnnotator"]["methods"] extends {
  readonly batchAnnotateImages: { readonly rest: { readonly requestType: infer Type } };
}
  ? Type extends `google.cloud.vision.${infer Version extends ApiVersion}.${string}`
    ? Version
    : V
  : V;
