import type { MessageOf } from "../message-types.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";

/** How {@link JsonCodec.fromJson} reads. */
export interface FromJsonOptions {
  /** `number` (the default) reads a message, `name` a record; {@link JsonCodec} tells the two forms. */
  readonly enums?: "number" | "name";
  /** How deep messages may nest, the outermost included. @default 100 */
  readonly maxDepth?: number;
  /**
   * Whether a record may be made of the given JSON itself, which then belongs to the codec: it is
   * checked and mended in place, also where an error ends the reading. Otherwise the given JSON stays
   * as it was, and shares with the result only what the codec does not know. @default false
   */
  readonly reuse?: boolean;
}

/** How {@link JsonCodec.toJson} writes. */
export interface ToJsonOptions {
  /** The form of what is given: `number` (the default) a message, `name` a record. */
  readonly enums?: "number" | "name";
  /** How deep messages may nest, the outermost included. @default 100 */
  readonly maxDepth?: number;
}

/**
 * The proto3 JSON of the types of one API version and of google.rpc, google.longrunning,
 * google.protobuf and google.type.
 *
 * A **message** is what ts-proto's binary codec takes and returns: enums are numbers, 64-bit integers
 * decimal strings, bytes a Uint8Array, a Timestamp or Duration `{ seconds, nanos }`, wrappers and field
 * masks their value, an Any `{ typeUrl, value }`. Every field is there: what is not set holds its
 * default, an empty list or map, or `undefined` for messages, wrappers, members of a oneof and
 * `optional` fields.
 *
 * A **record** is canonical proto3 JSON, ready for `JSON.stringify`: enums are names, 64-bit integers
 * decimal strings, bytes base64, times and durations strings, an Any `{ "@type", ... }`, a float that
 * JSON has no number for one of the strings `NaN`, `Infinity` and `-Infinity`. Nothing is filled in:
 * what is not set or holds its default (also an enum of number 0, an empty list or map) is absent,
 * but for members of a oneof and `optional` fields, which stay as they were set.
 *
 * Both keep what the tables do not know: a JSON member stays on its object under its own name (binary
 * encoding does not see it), the name of an enum value stays a string (binary encoding throws), a
 * number stays a number. An Any of an unknown type is `{ "@type", "value": "<base64>" }` in JSON where
 * it came as bytes; where its bytes cannot say all of its JSON, its message keeps that as a member
 * `@json`, which is written back, has `value` only where bytes could be made of the rest, and is best
 * read by {@link JsonCodec.unpackAny}. Unknown fields of the binary form have no JSON and are left out.
 */
export interface JsonCodec {
  /**
   * Reads proto3 JSON: field names in camelCase or as in the proto, `null` as absent, integers and
   * floats as numbers or strings, enums as names or numbers, base64 of both alphabets. That JSON text
   * names a member twice cannot be seen in what `JSON.parse` returns: the last one counts.
   *
   * @throws JsonDecodeError where a value does not fit, a field stands under both its names, two
   * members of one oneof are set, or messages nest too deep.
   */
  fromJson<Name extends string>(
    typeName: Name,
    json: unknown,
    options?: FromJsonOptions & { readonly enums?: "number" },
  ): MessageOf<Name>;
  fromJson(typeName: string, json: unknown, options?: FromJsonOptions): Record<string, unknown>;
  /**
   * Writes canonical proto3 JSON. Floats that came from the wire get the fewest digits that tell them.
   *
   * @throws JsonEncodeError where the message does not fit its type.
   */
  toJson(
    typeName: `google.protobuf.${"Timestamp" | "Duration" | "FieldMask" | `${string}Value`}`,
    message: object,
    options?: ToJsonOptions,
  ): JsonValue;
  toJson(typeName: string, message: object, options?: ToJsonOptions): JsonObject;
  /** Whether the codec has the type. */
  knows(typeName: string): boolean;
  /**
   * The message in an Any message, with all that came in its JSON; undefined for an unknown type.
   *
   * @throws where the bytes are no message of their type.
   */
  unpackAny(any: { readonly typeUrl: string }): Record<string, unknown> | undefined;
  /** An Any message of a known type, under `type.googleapis.com/`. */
  packAny(typeName: string, message: object): { typeUrl: string; value: Buffer };
}

/** What a {@link JsonCodec} does with the JSON of records, which needs none of the code of messages. */
export interface RecordCodec extends Pick<JsonCodec, "knows"> {
  /** Reads proto3 JSON into a record, as {@link JsonCodec.fromJson} does. @throws JsonDecodeError */
  fromJson(
    typeName: string,
    json: unknown,
    options: FromJsonOptions & { readonly enums: "name" },
  ): Record<string, unknown>;
}
