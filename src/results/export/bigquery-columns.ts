import type { ApiVersion } from "../../protocol/api-version.ts";
import { loadJsonTables } from "../../protocol/json/load-json-codec.ts";
import {
  createTypeRegistry,
  type FieldInfo,
  type TypeRegistry,
  type ValueType,
} from "../../protocol/json/type-registry.ts";

/** The type of a column, by its name in the schemas of BigQuery's API. */
export type BigQueryType =
  | "STRING"
  | "INTEGER"
  | "NUMERIC"
  | "FLOAT"
  | "BOOLEAN"
  | "BYTES"
  | "TIMESTAMP"
  | "JSON"
  | "RECORD";

/** A column, and how a member of proto3 JSON comes into it. */
export interface Column {
  readonly name: string;
  readonly jsonName: string;
  readonly type: BigQueryType;
  readonly repeated: boolean;
  /** The columns of a RECORD, by the JSON names of their fields. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** BigQuery nests records at most this deep; https://cloud.google.com/bigquery/docs/nested-repeated. */
const maxRecordDepth = 15;

/** The columns of a version's AnnotateImageResponse, from the descriptors that its codec reads. */
export async function loadResponseColumns(
  version: ApiVersion,
): Promise<ReadonlyMap<string, Column>> {
  const registry = createTypeRegistry(await loadJsonTables(version));
  const typeName = `google.cloud.vision.${version}.AnnotateImageResponse`;
  return columnsOf(typeName, { registry, within: [typeName] });
}

interface Place {
  readonly registry: TypeRegistry;
  /** The messages that the columns stand in, the outermost first. */
  readonly within: readonly string[];
}

function columnsOf(typeName: string, place: Place): ReadonlyMap<string, Column> {
  const fields = place.registry.fieldsOf(typeName) ?? [];
  return new Map(fields.map((field) => [field.jsonName, columnOf(field, place)]));
}

function columnOf({ protoName, jsonName, label, type }: FieldInfo, place: Place): Column {
  const named = { name: protoName, jsonName, repeated: label === "repeated" };
  const simple = label === "map" ? "JSON" : simpleType(type);
  if (simple !== undefined) return { ...named, type: simple, columns: new Map() };
  const { name } = type as { readonly name: string };
  // The response stands in a record itself, and a record has at least one column.
  const fits = place.within.length + 1 < maxRecordDepth && !place.within.includes(name);
  const columns = fits ? columnsOf(name, { ...place, within: [...place.within, name] }) : new Map();
  return { ...named, type: columns.size === 0 ? "JSON" : "RECORD", columns };
}

/** Undefined for a message without a JSON form of its own. */
function simpleType(type: ValueType): BigQueryType | undefined {
  if (type.kind === "enum") return "STRING";
  if (type.kind === "message") return specialTypes[type.name];
  switch (type.scalar) {
    case "string":
      return "STRING";
    case "bool":
      return "BOOLEAN";
    case "bytes":
      return "BYTES";
    case "float":
    case "double":
      return "FLOAT";
    case "uint64":
    case "fixed64":
      return "NUMERIC";
    default:
      return "INTEGER";
  }
}

const specialTypes: Readonly<Record<string, BigQueryType>> = {
  "google.protobuf.Timestamp": "TIMESTAMP",
  "google.protobuf.Duration": "STRING",
  "google.protobuf.FieldMask": "STRING",
  "google.protobuf.Any": "JSON",
  "google.protobuf.Struct": "JSON",
  "google.protobuf.Value": "JSON",
  "google.protobuf.ListValue": "JSON",
  "google.protobuf.DoubleValue": "FLOAT",
  "google.protobuf.FloatValue": "FLOAT",
  "google.protobuf.Int64Value": "INTEGER",
  "google.protobuf.UInt64Value": "NUMERIC",
  "google.protobuf.Int32Value": "INTEGER",
  "google.protobuf.UInt32Value": "INTEGER",
  "google.protobuf.BoolValue": "BOOLEAN",
  "google.protobuf.StringValue": "STRING",
  "google.protobuf.BytesValue": "BYTES",
};
