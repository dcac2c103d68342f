import { apiVersions } from "../../protocol/api-version.ts";
import { loadJsonTables } from "../../protocol/json/load-json-codec.ts";
import {
  createTypeRegistry,
  type FieldInfo,
  type TypeRegistry,
} from "../../protocol/json/type-registry.ts";
import { typeNameOf } from "../../protocol/status.ts";
import { isPlainJson, type PlainJson } from "../plain-json.ts";

/** Writes the enums of a response as numbers, as `$alt=json;enum-encoding=int` asks for. */
export async function withEnumNumbers(typeName: string, response: PlainJson): Promise<PlainJson> {
  loading ??= loadRegistry();
  return convert(await loading, typeName, response);
}

let loading: Promise<TypeRegistry> | undefined;

/** Of all versions, since the parts of an operation can be of any. */
async function loadRegistry(): Promise<TypeRegistry> {
  const tables = await Promise.all(apiVersions.map((version) => loadJsonTables(version)));
  return createTypeRegistry([...new Set(tables.flat())]);
}

function convert(registry: TypeRegistry, typeName: string, message: PlainJson): PlainJson {
  const isAny = typeName === "google.protobuf.Any";
  const content = isAny ? typeNameOf(String(message["@type"])) : typeName;
  const fields = registry.fieldsOf(content) ?? [];
  const converted: Record<string, unknown> = { ...message };
  for (const field of fields) {
    const value = message[field.jsonName];
    if (value === undefined || field.label === "map") continue;
    const one = (item: unknown): unknown => convertValue(registry, field, item);
    converted[field.jsonName] = Array.isArray(value) ? value.map(one) : one(value);
  }
  return converted;
}

function convertValue(registry: TypeRegistry, { type }: FieldInfo, value: unknown): unknown {
  if (type.kind === "enum") return registry.enumOf(type.name).numbers.get(String(value)) ?? value;
  return type.kind === "message" && isPlainJson(value)
    ? convert(registry, type.name, value)
    : value;
}
