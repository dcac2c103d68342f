import type { FieldInfo, TypeRegistry } from "../../protocol/json/type-registry.ts";
import { isPlainJson, type PlainJson } from "../plain-json.ts";

/** A member that its message does not have. */
export interface UnknownField {
  /** Where the message stands, e.g. `requests[0].image`; empty for the request itself. */
  readonly path: string;
  readonly name: string;
}

/** Lists the members of a record that its type and the types of its fields do not have. */
export function unknownFields(
  registry: TypeRegistry,
  typeName: string,
  record: PlainJson,
): readonly UnknownField[] {
  const fieldsByType = new Map<string, ReadonlyMap<string, FieldInfo> | undefined>();
  const fieldsOf = (name: string): ReadonlyMap<string, FieldInfo> | undefined => {
    if (!fieldsByType.has(name)) {
      const fields = registry.fieldsOf(name)?.map((field) => [field.jsonName, field] as const);
      fieldsByType.set(name, fields === undefined ? undefined : new Map(fields));
    }
    return fieldsByType.get(name);
  };
  const walk = (type: string, message: PlainJson, path: string): readonly UnknownField[] => {
    const fields = fieldsOf(type);
    if (fields === undefined) return [];
    return Object.entries(message).flatMap(([name, value]) => {
      const field = fields.get(name);
      if (field === undefined) return [{ path, name }];
      if (field.type.kind !== "message" || field.label === "map") return [];
      const inner = field.type.name;
      const at = path === "" ? name : `${path}.${name}`;
      const messages = Array.isArray(value) ? (value as readonly unknown[]) : [value];
      return messages.flatMap((one, index) =>
        isPlainJson(one) ? walk(inner, one, Array.isArray(value) ? `${at}[${index}]` : at) : [],
      );
    });
  };
  return walk(typeName, record, "");
}
