import { unexpected } from "./codec-failure.ts";
import { readFieldMask, writeFieldMask } from "./field-mask-json.ts";
import { readScalar, writeScalar } from "./scalars.ts";
import type { ScalarType } from "./scalar-types.ts";
import type { SpecialType } from "./special-type.ts";
import { checkJson, readValueMessage, writeValueMessage } from "./struct-json.ts";
import { readDuration, readTimestamp, writeDuration, writeTimestamp } from "./timestamp-json.ts";

/** The types of google.protobuf with a JSON form of their own, by full name; Any is not among them. */
export function createSpecialTypes(): Map<string, SpecialType> {
  const timestamp: SpecialType = {
    read: (json) => ({ ...readTimestamp(json) }),
    write: writeTimestamp,
  };
  const duration: SpecialType = {
    read: (json) => ({ ...readDuration(json) }),
    write: writeDuration,
  };
  const types: readonly (readonly [string, SpecialType])[] = [
    ["Timestamp", timestamp],
    ["Duration", duration],
    ["FieldMask", fieldMask],
    ["Struct", struct],
    ["ListValue", listValue],
    ["Value", value],
    ...wrappers.map(([name, scalar]) => [name, wrapper(scalar)] as const),
  ];
  return new Map(types.map(([name, type]) => [`google.protobuf.${name}`, type]));
}

const wrappers = [
  ["DoubleValue", "double"],
  ["FloatValue", "float"],
  ["Int64Value", "int64"],
  ["UInt64Value", "uint64"],
  ["Int32Value", "int32"],
  ["UInt32Value", "uint32"],
  ["BoolValue", "bool"],
  ["StringValue", "string"],
  ["BytesValue", "bytes"],
] as const;

function wrapper(scalar: ScalarType): SpecialType {
  return {
    read: (json) => ({ value: readScalar(json, scalar) }),
    write: (message) => writeScalar(message["value"], scalar),
    unwrap: (message) => message["value"],
    wrap: (fieldValue) => ({ value: fieldValue }),
  };
}

const fieldMask: SpecialType = {
  read: (json) => ({ paths: readFieldMask(json) }),
  write: (message) => writeFieldMask(message["paths"]),
  unwrap: (message) => message["paths"],
  wrap: (fieldValue) => ({ paths: fieldValue }),
};

const struct: SpecialType = {
  read: (json, context) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw unexpected(json, "an object");
    }
    return { fields: checkJson(json, context) };
  },
  write: (message, context) => checkJson(message["fields"], context),
  unwrap: (message) => message["fields"],
  wrap: (fieldValue) => ({ fields: fieldValue }),
};

const listValue: SpecialType = {
  read: (json, context) => {
    if (!Array.isArray(json)) throw unexpected(json, "an array");
    return { values: checkJson(json, context) };
  },
  write: (message, context) => checkJson(message["values"], context),
  unwrap: (message) => message["values"],
  wrap: (fieldValue) => ({ values: fieldValue }),
};

const value: SpecialType = {
  read: (json, context) => readValueMessage(checkJson(json, context)),
  write: (message, context) => checkJson(writeValueMessage(message), context),
  unwrap: writeValueMessage,
  wrap: readValueMessage,
  nullIsValue: true,
};
