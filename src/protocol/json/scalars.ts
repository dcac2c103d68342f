import { unexpected } from "./codec-failure.ts";
import { isInteger, readFloat, readInteger, readLong, writeFloat } from "./numbers.ts";
import type { ScalarType } from "./scalar-types.ts";

/** Reads a scalar from JSON into its form in a message. */
export function readScalar(value: unknown, type: ScalarType): unknown {
  switch (type) {
    case "string":
      return readString(value);
    case "bool":
      if (typeof value !== "boolean") throw unexpected(value, "a boolean");
      return value;
    case "bytes":
      return readBytes(value);
    case "float":
    case "double":
      return readFloat(value, type);
    case "int64":
    case "sint64":
    case "sfixed64":
    case "uint64":
    case "fixed64":
      return readLong(value, type);
    default:
      return readInteger(value, type);
  }
}

/** Reads a scalar from JSON into its canonical JSON. */
export function readScalarForRecord(value: unknown, type: ScalarType): unknown {
  switch (type) {
    case "string":
      if (typeof value !== "string") throw unexpected(value, "a string");
      return value;
    case "bytes":
      return readBytes(value).toString("base64");
    case "float":
    case "double": {
      const number = readFloat(value, type);
      if (!Number.isFinite(number)) return String(number);
      // What a float of four bytes makes of it is for whoever writes one.
      return typeof value === "number" ? value : number;
    }
    default:
      return readScalar(value, type);
  }
}

/** Writes a scalar of a message as canonical JSON. */
export function writeScalar(value: unknown, type: ScalarType): string | number | boolean {
  switch (type) {
    case "string":
      if (typeof value !== "string") throw unexpected(value, "a string");
      return value;
    case "bool":
      if (typeof value !== "boolean") throw unexpected(value, "a boolean");
      return value;
    case "bytes":
      if (!(value instanceof Uint8Array)) throw unexpected(value, "a Uint8Array");
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
    case "float":
    case "double":
      if (typeof value !== "number") throw unexpected(value, "a number");
      return writeFloat(value, type);
    case "int64":
    case "sint64":
    case "sfixed64":
    case "uint64":
    case "fixed64":
      return readLong(value, type);
    default:
      if (typeof value !== "number" || !isInteger(value, type)) throw unexpected(value, type);
      return value + 0;
  }
}

const noBytes = Buffer.alloc(0);

/** What a message holds where a scalar is not set. */
export function scalarDefault(type: ScalarType): unknown {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "bytes":
      return noBytes;
    case "int64":
    case "sint64":
    case "sfixed64":
    case "uint64":
    case "fixed64":
      return "0";
    default:
      return 0;
  }
}

/** Whether a scalar, in a message or in canonical JSON, is the one of its type that is not written. */
export function isDefaultScalar(value: unknown, type: ScalarType): boolean {
  if (type === "bytes") {
    return (typeof value === "string" || value instanceof Uint8Array) && value.length === 0;
  }
  const unset = scalarDefault(type);
  return value === unset || (unset === "0" && (value === 0 || value === 0n));
}

function readString(value: unknown): string {
  if (typeof value !== "string") throw unexpected(value, "a string");
  checkWellFormed(value);
  return value;
}

/** Refuses what has no UTF-8: it would reach the wire as another text. */
export function checkWellFormed(text: string): void {
  if (!text.isWellFormed()) throw unexpected(text, "a string without lone surrogates");
}

/** Base64 and base64url, padded or not. Node skips what it does not know, so its length must tell. */
function readBytes(value: unknown): Buffer {
  if (typeof value !== "string") throw unexpected(value, "base64");
  const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0;
  const length = value.length - padding;
  const bytes = Buffer.from(value, "base64");
  const wellPadded = padding === 0 || value.length % 4 === 0;
  if (!wellPadded || length % 4 === 1 || bytes.length !== Math.floor((length * 3) / 4)) {
    throw unexpected(value, "base64");
  }
  return bytes;
}
