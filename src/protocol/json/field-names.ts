import { CodecFailure } from "./codec-failure.ts";
import type { Members } from "./json-value.ts";
import type { FieldInfo } from "./type-registry.ts";

/** The members of JSON that may not stand beside a field: itself under its other name, its oneof. */
export interface Rivals {
  /** Whether there are any. */
  readonly any: boolean;
  readonly jsonName: string;
  readonly protoName: string;
  /** Both names of each other member of the field's oneof. */
  readonly siblings: readonly string[];
}

/** What may not stand beside a field of a message. */
export function rivalsOf(field: FieldInfo, fields: readonly FieldInfo[]): Rivals {
  const { jsonName, protoName, oneof } = field;
  const others = fields.filter((each) => each !== field && each.oneof === oneof);
  const siblings =
    oneof === undefined ? [] : others.flatMap((each) => [each.jsonName, each.protoName]);
  return { any: siblings.length > 0 || jsonName !== protoName, jsonName, protoName, siblings };
}

/** Refuses a field that stands in JSON under both names, or beside another member of its oneof. */
export function refuseRivals(rivals: Rivals, key: string, json: Members): void {
  const { jsonName, protoName, siblings } = rivals;
  if (jsonName !== protoName) {
    const other = key === jsonName ? protoName : jsonName;
    if (isSet(json, other)) throw new CodecFailure(`${other} says the same field again`);
  }
  for (const sibling of siblings) {
    if (isSet(json, sibling)) throw new CodecFailure(`only one of it and ${sibling} may be set`);
  }
}

function isSet(json: Members, name: string): boolean {
  return Object.hasOwn(json, name) && json[name] !== null && json[name] !== undefined;
}
