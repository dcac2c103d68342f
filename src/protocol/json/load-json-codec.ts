import { jsonTables } from "../../../generated/index.ts";
import type { ApiVersion } from "../api-version.ts";
import { loadMessageTypes, packagesOf } from "../message-types.ts";
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
  return Promise.all(packagesOf(version).map((name) => jsonTables[name]()));
}

async function load(version: ApiVersion): Promise<JsonCodec> {
  const [tables, types] = await Promise.all([loadJsonTables(version), loadMessageTypes(version)]);
  return createJsonCodec(tables, types);
}
