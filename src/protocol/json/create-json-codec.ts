import type { FromJsonOptions, JsonCodec, ToJsonOptions } from "./json-codec.ts";
import type { MessageType } from "../message-types.ts";
import { createAnyType, jsonOfAny, readContent, typeNameOf, type AnyContents } from "./any-json.ts";
import { decoding, encoding } from "./codec-failure.ts";
import type { JsonObject, Members } from "./json-value.ts";
import { createMessageReader, type MessageReader } from "./message-reader.ts";
import { createMessageWriter, type MessageWriter } from "./message-writer.ts";
import { createRecordReader, type RecordReader } from "./record-reader.ts";
import type { ReadContext } from "./special-type.ts";
import { createSpecialTypes } from "./special-types.ts";
import { createTypeRegistry, type JsonTable } from "./type-registry.ts";

const defaultMaxDepth = 100;

/** A codec of the types of some tables; Any is encoded and decoded by their binary codecs. */
export function createJsonCodec(
  tables: readonly JsonTable[],
  types: ReadonlyMap<string, MessageType>,
): JsonCodec {
  const registry = createTypeRegistry(tables);
  const specialTypes = createSpecialTypes();
  const known = new Set([...registry.typeNames, ...specialTypes.keys()]);
  const messages = createMessageReader(registry, specialTypes);
  const records = createRecordReader(registry, specialTypes);
  const writer = createMessageWriter(registry, specialTypes);
  const contents: AnyContents = {
    knows: (typeName) => known.has(typeName),
    isSpecial: (typeName) => specialTypes.has(typeName),
    readMessage: messages.read,
    readRecord: records.read,
    writeMessage: writer.write,
    encode: (typeName, message) =>
      typeOf(types, typeName)
        .encode(message as never)
        .finish(),
    decode: (typeName, bytes) => typeOf(types, typeName).decode(bytes) as Members,
  };
  specialTypes.set("google.protobuf.Any", createAnyType(contents));
  return codecOf({ contents, messages, records, writer });
}

interface Parts {
  readonly contents: AnyContents;
  readonly messages: MessageReader;
  readonly records: RecordReader;
  readonly writer: MessageWriter;
}

function codecOf({ contents, messages, records, writer }: Parts): JsonCodec {
  const check = (typeName: string): void => {
    if (!contents.knows(typeName)) throw new TypeError(`the JSON codec has no type ${typeName}`);
  };
  const fromJson = (typeName: string, json: unknown, options: FromJsonOptions = {}): Members => {
    check(typeName);
    const { enums = "number", maxDepth = defaultMaxDepth, reuse = false } = options;
    const context = readContext({ maxDepth, reuse });
    const reader = enums === "name" ? records : messages;
    return decoding(typeName, () => reader.read(typeName, json, context) as Members);
  };
  const toJson = (typeName: string, message: object, options: ToJsonOptions = {}): JsonObject => {
    check(typeName);
    const { enums = "number", maxDepth = defaultMaxDepth } = options;
    const context = readContext({ maxDepth, reuse: false });
    const from = enums === "name" ? records.read : writer.write;
    return encoding(typeName, () => from(typeName, message, context) as JsonObject);
  };
  return {
    fromJson: fromJson as JsonCodec["fromJson"],
    toJson,
    knows: contents.knows,
    unpackAny: (any) => unpackAny(contents, any),
    packAny: (typeName, message) => {
      check(typeName);
      const value = Buffer.from(contents.encode(typeName, message as Members));
      return { typeUrl: `type.googleapis.com/${typeName}`, value };
    },
  };
}

function unpackAny(contents: AnyContents, any: Members & { typeUrl: string }): Members | undefined {
  const typeName = typeNameOf(any.typeUrl);
  if (!contents.knows(typeName)) return undefined;
  if (!Object.hasOwn(any, jsonOfAny)) return contents.decode(typeName, any["value"] as Uint8Array);
  const context = readContext({ maxDepth: defaultMaxDepth, reuse: false });
  return decoding(typeName, () => readContent(contents, any[jsonOfAny] as Members, context));
}

function typeOf(types: ReadonlyMap<string, MessageType>, typeName: string): MessageType {
  const type = types.get(typeName);
  if (type === undefined) throw new Error(`there is no binary codec of ${typeName}`);
  return type;
}

function readContext(options: Pick<ReadContext, "maxDepth" | "reuse">): ReadContext {
  let inherits = false;
  for (const _name in {}) inherits = true;
  return { ...options, depth: 0, inherits, exact: true };
}
