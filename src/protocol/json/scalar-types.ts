/** The scalar types of protobuf. */
export type ScalarType = IntegerType | LongType | "double" | "float" | "bool" | "string" | "bytes";

/** The 32-bit integers: numbers in messages and in JSON. */
export type IntegerType = "int32" | "sint32" | "sfixed32" | "uint32" | "fixed32";

/** The 64-bit integers: decimal strings in messages and in JSON. */
export type LongType = "int64" | "sint64" | "sfixed64" | "uint64" | "fixed64";

const scalarTypes: ReadonlySet<string> = new Set<ScalarType>([
  ...(["double", "float", "bool", "string", "bytes"] as const),
  ...(["int32", "sint32", "sfixed32", "uint32", "fixed32"] as const),
  ...(["int64", "sint64", "sfixed64", "uint64", "fixed64"] as const),
]);

/** Whether a text names a scalar type. */
export function isScalarType(text: string): text is ScalarType {
  return scalarTypes.has(text);
}
