export type { FromJsonOptions, JsonCodec, ToJsonOptions } from "./json/json-codec.ts";
export type { JsonObject, JsonValue } from "./json/json-value.ts";
export { loadJsonCodec } from "./json/load-json-codec.ts";
