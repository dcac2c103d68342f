import { isDeepStrictEqual } from "node:util";
import { JsonDecodeError, JsonEncodeError } from "../../src/errors/index.ts";
import type { JsonCodec } from "../../src/protocol/json-codec.ts";
import type { Members } from "../../src/protocol/json/json-value.ts";
import type { MessageType } from "../../src/protocol/message-types.ts";
import { copyJson, type Random } from "./mutate.ts";

/** The codec under test and one of its types. */
export interface Subject {
  readonly codec: JsonCodec;
  readonly typeName: string;
  readonly binary: MessageType;
}

const record = { enums: "name" } as const;
const refused = Symbol("refused");

/** Any JSON is refused with the codec's own error, or read to something that stays as it is. */
export function checkJson({ codec, typeName, binary }: Subject, json: unknown): void {
  const text = JSON.stringify(json);
  const message = unlessRefused(() => codec.fromJson(typeName, json));
  const asRecord = unlessRefused(() => codec.fromJson(typeName, json, record));
  const reused = unlessRefused(() =>
    codec.fromJson(typeName, copyJson(json), { ...record, reuse: true }),
  );
  same(JSON.stringify(json), text, "the given JSON after reading it");
  same(reused, asRecord, "the record that was made in place");
  if (asRecord !== refused) {
    same(codec.fromJson(typeName, asRecord, record), asRecord, "the record of a record");
  }
  if (message === refused) return;
  const written = codec.toJson(typeName, message);
  same(codec.toJson(typeName, codec.fromJson(typeName, written)), written, "JSON read and written");
  if (asRecord === refused) throw new Error("it is a message and no record");
  const again = codec.fromJson(typeName, written, record);
  same(asFloats(again), asFloats(asRecord), "the record of what was written");
  checkEncoding({ codec, typeName, binary }, message);
  if (Object.keys(Object.prototype).length > 0 || "polluted" in {}) throw new Error("pollution");
}

/** What can be encoded comes back the same, but for a key of a map that ts-proto assigns in vain. */
function checkEncoding({ codec, typeName, binary }: Subject, message: Members): void {
  if (JSON.stringify(message).includes('"__proto__":"')) return;
  let bytes: Uint8Array;
  try {
    bytes = encode(binary, message);
  } catch (error) {
    // As documented: an unknown name of an enum, an Any whose JSON has no bytes.
    if (/int32|reading 'length'/.test((error as Error).message)) return;
    throw error;
  }
  const decoded = binary.decode(bytes);
  same(encode(binary, decoded), bytes, "the bytes of what was decoded");
  codec.toJson(typeName, decoded);
}

/** Unknown fields of the wire outlive decoding and encoding, wherever they stand. */
export function checkUnknownFields({ binary }: Subject, bytes: Uint8Array, random: Random): void {
  const unknown = unknownField(random);
  const given = Buffer.concat(random() < 0.5 ? [unknown, bytes] : [bytes, unknown]);
  const encoded = Buffer.from(encode(binary, binary.decode(given)));
  if (!encoded.includes(unknown)) throw new Error(`the unknown field ${unknown.toString("hex")}`);
  same(encoded.length, given.length, "the length with an unknown field");
}

/** Spoilt bytes are refused, or decode to something that has JSON or is refused by the codec. */
export function checkBytes({ codec, typeName, binary }: Subject, bytes: Uint8Array): void {
  let message: object;
  try {
    message = binary.decode(bytes);
  } catch (error) {
    if (error instanceof Error) return;
    throw error;
  }
  const written = unlessRefused(() => codec.toJson(typeName, message));
  if (written === refused) return;
  same(codec.toJson(typeName, codec.fromJson(typeName, written)), written, "JSON of spoilt bytes");
}

/** The bytes of a message. */
export function encode(binary: MessageType, message: object): Uint8Array {
  return binary.encode(message as never).finish();
}

function unknownField(random: Random): Buffer {
  const number = 5000 + Math.floor(random() * 1000);
  const wireType = [0, 1, 2, 5][Math.floor(random() * 4)] ?? 0;
  const tag = (number << 3) | wireType;
  const value = {
    0: [0x96, 0x01],
    1: [1, 2, 3, 4, 5, 6, 7, 8],
    2: [3, 97, 98, 99],
    5: [9, 8, 7, 6],
  };
  return Buffer.from([
    (tag & 0x7f) | 0x80,
    ((tag >> 7) & 0x7f) | 0x80,
    tag >> 14,
    ...value[wireType as 0],
  ]);
}

function unlessRefused<T>(act: () => T): T | typeof refused {
  try {
    return act();
  } catch (error) {
    if (error instanceof JsonDecodeError || error instanceof JsonEncodeError) return refused;
    throw error;
  }
}

function same(found: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${what} differs:\n  ${show(found)}\n  ${show(expected)}`);
}

/** A message holds what four bytes hold, a record what it was given. */
function asFloats(json: unknown): unknown {
  if (typeof json === "number") return Math.fround(json);
  return typeof json === "object"
    ? JSON.parse(JSON.stringify(json), (_, each: unknown) =>
        typeof each === "number" ? Math.fround(each) : each,
      )
    : json;
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 2000);
}
