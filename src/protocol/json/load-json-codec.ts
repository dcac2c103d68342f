import { jsonTables } from "../../../generated/index.ts";
import type { ApiVersion } from "../api-version.ts";
import { loadMessageTypes, packagesOf } from "../message-types.ts";
import { createJsonCodec } from "./create-json-codec.ts";
import type { JsonCodec, RecordCodec } from "./json-codec.ts";
import type { JsonTable } from "./type-registry.ts";

/** Loads the codec of one API version, once, and neither grpc-js nor what other versions need. */
export function loadJsonCodec(version: ApiVersion): Promise<JsonCodec> {
  return once(codecs, version, async () => {
    const [tables, types] = await Promise.all([loadJsonTables(version), loadMessageTypes(version)]);
    return createJsonCodec(tables, types);
  });
}

/** Loads what reads the records of one API version, once: the tables of its types, and no code of messages. */
export function loadRecordCodec(version: ApiVersion): Promise<RecordCodec> {
  return once(recordCodecs, version, async () =>
    createJsonCodec(await loadJsonTables(version), new Map()),
  );
}

const codecs = new Map<ApiVersion, Promise<JsonCodec>>();
const recordCodecs = new Map<ApiVersion, Promise<RecordCodec>>();

/** Loads the tables that the codec of one API version reads. */
export async function loadJsonTables(version: ApiVersion): Promise<JsonTable[]> {
  return Promise.all(packagesOf(version).map((name) => jsonTables[name]()));
}

function once<Codec>(
  loaded: Map<ApiVersion, Promise<Codec>>,
  version: ApiVersion,
  load: () => Promise<Codec>,
): Promise<Codec> {
  const loading = loaded.get(version) ?? load();
  loaded.set(version, loading);
  return loading;
}
