export {
  loadJsonCodec,
  type FromJsonOptions,
  type JsonCodec,
  type JsonObject,
  type JsonValue,
  type ToJsonOptions,
} from "./json/json-codec.ts";
