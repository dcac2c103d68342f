import { CodecFailure, passedBy, unexpected } from "./codec-failure.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { enter, type Depth, type ReadContext, type SpecialType } from "./special-type.ts";

/** The member of an Any message that keeps its JSON, where the bytes cannot say all of it. */
export const jsonOfAny = "@json";

/** The types that a codec knows, and what it can do with each; the same for whole messages and in an Any. */
export interface CodecTypes {
  readonly knows: (typeName: string) => boolean;
  /** Whether the type's JSON form stands in a member `value`. */
  readonly isSpecial: (typeName: string) => boolean;
  readonly readMessage: (typeName: string, json: unknown, context: ReadContext) => Members;
  readonly readRecord: (typeName: string, json: unknown, context: ReadContext) => unknown;
  readonly writeMessage: (typeName: string, message: unknown, context: Depth) => unknown;
  readonly encode: (typeName: string, message: object) => Uint8Array;
  readonly decode: (typeName: string, bytes: Uint8Array) => Members;
}

/** google.protobuf.Any: JSON by type URL, ts-proto's `{ typeUrl, value }` in messages. */
export function createAnyType(types: CodecTypes): SpecialType {
  return {
    read: (json, context) => within(context, () => readAny(types, json, context)),
    revise: (json, context) => within(context, () => reviseAny(types, json, context)),
    write: (message, context) => within(context, () => writeAny(types, message, context)),
  };
}

function within<T>(context: Depth, act: () => T): T {
  enter(context);
  const result = act();
  context.depth--;
  return result;
}

/** The full name of the type that a type URL ends in. */
export function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

/** The message in the JSON of an Any of a known type, with all that its bytes could not say. */
export function readContent(types: CodecTypes, json: Members, context: ReadContext): Members {
  const typeName = typeNameOf(String(json["@type"]));
  if (!types.isSpecial(typeName)) {
    return types.readMessage(typeName, withoutType(json), context);
  }
  if (Object.keys(json).length > 2) context.exact = false;
  try {
    return types.readMessage(typeName, json["value"], context);
  } catch (error) {
    throw passedBy(error, "value");
  }
}

function readAny(types: CodecTypes, json: unknown, context: ReadContext): Members {
  const typeUrl = readTypeUrl(json);
  if (typeUrl === undefined) return { typeUrl: "", value: Buffer.alloc(0) };
  const members = json as Members;
  const typeName = typeNameOf(typeUrl);
  if (!types.knows(typeName)) {
    const bytes = bytesOf(members);
    if (bytes !== undefined) return { typeUrl, value: bytes };
    context.exact = false;
    return { typeUrl, [jsonOfAny]: json };
  }
  const inner = { ...context, exact: true };
  const message = readContent(types, members, inner);
  if (inner.exact) return { typeUrl, value: Buffer.from(types.encode(typeName, message)) };
  context.exact = false;
  const value = encodeWhatCanBe(types, typeName, message);
  return { typeUrl, ...(value === undefined ? {} : { value }), [jsonOfAny]: json };
}

/** ts-proto throws over an unknown name of an enum, and so will whoever encodes the Any without a value. */
function encodeWhatCanBe(
  types: CodecTypes,
  typeName: string,
  message: Members,
): Buffer | undefined {
  try {
    return Buffer.from(types.encode(typeName, message));
  } catch {
    return undefined;
  }
}

function reviseAny(types: CodecTypes, json: unknown, context: ReadContext): unknown {
  const typeUrl = readTypeUrl(json);
  const members = json as Members;
  const typeName = typeNameOf(typeUrl ?? "");
  if (!types.knows(typeName)) return json;
  // For the type's own reader `@type` is an unknown member, which stays where it is.
  if (!types.isSpecial(typeName)) return types.readRecord(typeName, json, context);
  try {
    const value = types.readRecord(typeName, members["value"], context);
    return value === members["value"] ? json : { ...members, value };
  } catch (error) {
    throw passedBy(error, "value");
  }
}

function writeAny(types: CodecTypes, message: Members, context: Depth): unknown {
  if (Object.hasOwn(message, jsonOfAny)) return message[jsonOfAny];
  const { typeUrl = "", value = new Uint8Array() } = message;
  if (typeof typeUrl !== "string") throw unexpected(typeUrl, "a type URL");
  if (!(value instanceof Uint8Array)) throw unexpected(value, "a Uint8Array");
  if (typeUrl === "" && value.length === 0) return {};
  if (!isTypeUrl(typeUrl)) throw unexpected(typeUrl, "a type URL");
  const typeName = typeNameOf(typeUrl);
  if (!types.knows(typeName)) return { "@type": typeUrl, value: toBase64(value) };
  const content = types.writeMessage(typeName, decodeContent(types, typeName, value), context);
  const json: Members = { "@type": typeUrl };
  if (types.isSpecial(typeName)) return { ...json, value: content };
  for (const [name, member] of Object.entries(content as Members)) defineMember(json, name, member);
  return json;
}

function decodeContent(types: CodecTypes, typeName: string, value: Uint8Array): Members {
  try {
    return types.decode(typeName, value);
  } catch (error) {
    throw new CodecFailure(`its value is no ${typeName}: ${(error as Error).message}`);
  }
}

/** The type URL; undefined for `{}`, which is an Any with nothing set. */
function readTypeUrl(json: unknown): string | undefined {
  if (!isMembers(json)) throw unexpected(json, "an object");
  const typeUrl = Object.hasOwn(json, "@type") ? json["@type"] : undefined;
  if (typeUrl === undefined && Object.keys(json).length === 0) return undefined;
  if (!isTypeUrl(typeUrl)) throw passedBy(unexpected(typeUrl, "a type URL"), "@type");
  return typeUrl;
}

function isTypeUrl(value: unknown): value is string {
  return typeof value === "string" && /\/[^/]+$/.test(value) && value.isWellFormed();
}

function withoutType(json: Members): Members {
  const members: Members = {};
  for (const [name, value] of Object.entries(json)) {
    if (name !== "@type") defineMember(members, name, value);
  }
  return members;
}

/** The bytes of `{ "@type", "value": "<base64>" }`, the form that an unknown type is written in. */
function bytesOf(json: Members): Buffer | undefined {
  const { value } = json;
  if (typeof value !== "string" || Object.keys(json).length !== 2) return undefined;
  const bytes = Buffer.from(value, "base64");
  return bytes.toString("base64") === value ? bytes : undefined;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
