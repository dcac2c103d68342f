import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { readValueMessage, writeValueMessage } from "./struct-json.ts";

/** The binary codecs of google.protobuf.Struct, ListValue and Value, which no proto of ours imports. */
export const Struct = {
  encode: (message: Members): BinaryWriter => writeStruct(new BinaryWriter(), message["fields"]),
  decode: (bytes: Uint8Array): Members => ({ fields: readStruct(new BinaryReader(bytes)) }),
};

/** `{ values }`, plain JSON values in a list. */
export const ListValue = {
  encode: (message: Members): BinaryWriter => writeList(new BinaryWriter(), message["values"]),
  decode: (bytes: Uint8Array): Members => ({ values: readList(new BinaryReader(bytes)) }),
};

/** `{ numberValue }` and its like, one of them set. */
export const Value = {
  encode: (message: Members): BinaryWriter =>
    writeValue(new BinaryWriter(), writeValueMessage(message)),
  decode: (bytes: Uint8Array): Members => readValueMessage(readValue(new BinaryReader(bytes))),
};

const lengthPrefixed = WireType.LengthDelimited;

function writeStruct(writer: BinaryWriter, fields: unknown): BinaryWriter {
  for (const [key, value] of Object.entries(isMembers(fields) ? fields : {})) {
    writer.tag(1, lengthPrefixed).fork();
    writer.tag(1, lengthPrefixed).string(key);
    writeValue(writer.tag(2, lengthPrefixed).fork(), value).join().join();
  }
  return writer;
}

function writeList(writer: BinaryWriter, values: unknown): BinaryWriter {
  for (const value of Array.isArray(values) ? (values as unknown[]) : []) {
    writeValue(writer.tag(1, lengthPrefixed).fork(), value).join();
  }
  return writer;
}

function writeValue(writer: BinaryWriter, value: unknown): BinaryWriter {
  switch (typeof value) {
    case "number":
      return writer.tag(2, WireType.Bit64).double(value);
    case "string":
      return writer.tag(3, lengthPrefixed).string(value);
    case "boolean":
      return writer.tag(4, WireType.Varint).bool(value);
    default:
      if (Array.isArray(value)) {
        return writeList(writer.tag(6, lengthPrefixed).fork(), value).join();
      }
      if (isMembers(value)) return writeStruct(writer.tag(5, lengthPrefixed).fork(), value).join();
      return writer.tag(1, WireType.Varint).int32(0);
  }
}

/** As many levels as ts-proto's own readers take. */
const maxDepth = 100;

function readStruct(reader: BinaryReader, depth = 1): Members {
  const fields: Members = {};
  eachField(reader, (number) => {
    if (number !== 1) return false;
    let key = "";
    let value: unknown = null;
    eachField(new BinaryReader(reader.bytes()), (entryNumber, entry) => {
      if (entryNumber === 1) key = entry.string();
      else if (entryNumber === 2) value = readValue(new BinaryReader(entry.bytes()), depth + 1);
      return entryNumber <= 2;
    });
    defineMember(fields, key, value);
    return true;
  });
  return fields;
}

function readList(reader: BinaryReader, depth = 1): unknown[] {
  const values: unknown[] = [];
  eachField(reader, (number) => {
    if (number === 1) values.push(readValue(new BinaryReader(reader.bytes()), depth + 1));
    return number === 1;
  });
  return values;
}

function readValue(reader: BinaryReader, depth = 1): unknown {
  if (depth > maxDepth) throw new Error("a google.protobuf.Value is nested too deep");
  let value: unknown = null;
  eachField(reader, (number) => {
    if (number === 2) value = reader.double();
    else if (number === 3) value = reader.string();
    else if (number === 4) value = reader.bool();
    else if (number === 5) value = readStruct(new BinaryReader(reader.bytes()), depth);
    else if (number === 6) value = readList(new BinaryReader(reader.bytes()), depth);
    else return false;
    return true;
  });
  return value;
}

/** Visits the fields of a message; those that the visitor does not take are skipped. */
function eachField(
  reader: BinaryReader,
  take: (number: number, reader: BinaryReader) => boolean,
): void {
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (!take(number, reader)) reader.skip(wireType, number);
  }
}
