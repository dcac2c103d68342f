import type { FromJsonOptions, JsonCodec, ToJsonOptions } from "./json-codec.ts";
import type { MessageType } from "../message-types.ts";
import { createAnyType, jsonOfAny, readContent, typeNameOf, type CodecTypes } from "./any-json.ts";
import { decoding, encoding } from "./codec-failure.ts";
import type { JsonObject, Members } from "./json-value.ts";
import { MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";
import { RecordReader } from "./record-reader.ts";
import type { ReadContext } from "./special-type.ts";
import { createSpecialTypes } from "./special-types.ts";
import { createTypeRegistry, type JsonTable } from "./type-registry.ts";

const defaultMaxDepth = 100;

/** A codec of the types of some tables; Any is encoded and decoded by their binary codecs. */
export function createJsonCodec(
  tables: readonly JsonTable[],
  binary: ReadonlyMap<string, MessageType>,
): JsonCodec {
  const registry = createTypeRegistry(tables);
  const specialTypes = createSpecialTypes();
  const known = new Set([...registry.typeNames, ...specialTypes.keys()]);
  const messages = new MessageReader(registry, specialTypes);
  const records = new RecordReader(registry, specialTypes);
  const writer = new MessageWriter(registry, specialTypes);
  const types: CodecTypes = {
    knows: (typeName) => known.has(typeName),
    isSpecial: (typeName) => specialTypes.has(typeName),
    readMessage: (typeName, json, context) => messages.read(typeName, json, context),
    readRecord: (typeName, json, context) => records.read(typeName, json, context),
    writeMessage: (typeName, message, context) => writer.write(typeName, message, context),
    encode: (typeName, message) =>
      binaryOf(binary, typeName)
        .encode(message as never)
        .finish(),
    decode: (typeName, bytes) => binaryOf(binary, typeName).decode(bytes) as Members,
  };
  specialTypes.set("google.protobuf.Any", createAnyType(types));
  return codecOver(types);
}

function codecOver(types: CodecTypes): JsonCodec {
  const check = (typeName: string): void => {
    if (!types.knows(typeName)) throw new TypeError(`the JSON codec has no type ${typeName}`);
  };
  const fromJson = (typeName: string, json: unknown, options: FromJsonOptions = {}): Members => {
    check(typeName);
    const { enums = "number", maxDepth = defaultMaxDepth, reuse = false } = options;
    const context = readContext({ maxDepth, reuse });
    const read = enums === "name" ? types.readRecord : types.readMessage;
    return decoding(typeName, () => read(typeName, json, context) as Members);
  };
  const toJson = (typeName: string, message: object, options: ToJsonOptions = {}): JsonObject => {
    check(typeName);
    const { enums = "number", maxDepth = defaultMaxDepth } = options;
    const context = readContext({ maxDepth, reuse: false });
    const write = enums === "name" ? types.readRecord : types.writeMessage;
    return encoding(typeName, () => write(typeName, message, context) as JsonObject);
  };
  return {
    fromJson,
    toJson,
    knows: types.knows,
    unpackAny: (any) => unpackAny(types, any),
    packAny: (typeName, message) => {
      check(typeName);
      const value = Buffer.from(types.encode(typeName, message));
      return { typeUrl: `type.googleapis.com/${typeName}`, value };
    },
  };
}

function unpackAny(types: CodecTypes, any: Members & { typeUrl: string }): Members | undefined {
  const typeName = typeNameOf(any.typeUrl);
  if (!types.knows(typeName)) return undefined;
  if (!Object.hasOwn(any, jsonOfAny)) return types.decode(typeName, any["value"] as Uint8Array);
  const context = readContext({ maxDepth: defaultMaxDepth, reuse: false });
  return decoding(typeName, () => readContent(types, any[jsonOfAny] as Members, context));
}

function binaryOf(types: ReadonlyMap<string, MessageType>, typeName: string): MessageType {
  const type = types.get(typeName);
  if (type === undefined) throw new Error(`there is no binary codec of ${typeName}`);
  return type;
}

function readContext(options: Pick<ReadContext, "maxDepth" | "reuse">): ReadContext {
  let inherits = false;
  for (const _name in {}) inherits = true;
  return { ...options, depth: 0, inherits, exact: true };
}
