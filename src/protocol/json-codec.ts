export type { FromJsonOptions, JsonCodec, RecordCodec, ToJsonOptions } from "./json/json-codec.ts";
export type { JsonObject, JsonValue } from "./json/json-value.ts";
export { loadJsonCodec, loadRecordCodec } from "./json/load-json-codec.ts";
