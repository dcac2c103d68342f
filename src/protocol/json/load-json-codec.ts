import type { ApiVersion } from "../api-version.ts";
import { loadMessageTypes } from "../message-types.ts";
import { createJsonCodec } from "./create-json-codec.ts";
import type { JsonCodec } from "./json-codec.ts";
import type { JsonTable } from "./type-registry.ts";

/** Loads the codec of one API version, once, and neither grpc-js nor what other versions need. */
export function loadJsonCodec(version: ApiVersion): Promise<JsonCodec> {
  const loading = loaded.get(version) ?? load(version);
  loaded.set(version, loading);
  return loading;
}

const loaded = new Map<ApiVersion, Promise<JsonCodec>>();

/** Loads the tables that the codec of one API version reads. */
export async function loadJsonTables(version: ApiVersion): Promise<JsonTable[]> {
  return Promise.all([
    versions[version](),
    import("../../../generated/json/google.longrunning.ts"),
    import("../../../generated/json/google.protobuf.ts"),
    import("../../../generated/json/google.rpc.ts"),
    import("../../../generated/json/google.type.ts"),
  ]);
}

const versions: Readonly<Record<ApiVersion, () => Promise<JsonTable>>> = {
  v1: () => import("../../../generated/json/google.cloud.vision.v1.ts"),
  v1p1beta1: () => import("../../../generated/json/google.cloud.vision.v1p1beta1.ts"),
  v1p2beta1: () => import("../../../generated/json/google.cloud.vision.v1p2beta1.ts"),
  v1p3beta1: () => import("../../../generated/json/google.cloud.vision.v1p3beta1.ts"),
  v1p4beta1: () => import("../../../generated/json/google.cloud.vision.v1p4beta1.ts"),
};

async function load(version: ApiVersion): Promise<JsonCodec> {
  const [tables, types] = await Promise.all([loadJsonTables(version), loadMessageTypes(version)]);
  return createJsonCodec(tables, types);
}
