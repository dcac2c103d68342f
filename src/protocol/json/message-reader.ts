import { CodecFailure, passedBy, unexpected } from "./codec-failure.ts";
import { refuseRivals, rivalsOf, type Rivals } from "./field-names.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { readInteger } from "./numbers.ts";
import { checkWellFormed, readScalar, scalarDefault } from "./scalars.ts";
import { enter, takesNull, type Read, type ReadContext, type SpecialType } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry, ValueType } from "./type-registry.ts";

interface Plan {
  /** By JSON name and by proto name. */
  readonly fields: Map<string, PlannedField>;
  /** Members of every new message whose value can be shared. */
  readonly template: Members;
  readonly lists: readonly string[];
  readonly maps: readonly string[];
}

interface PlannedField {
  readonly localName: string;
  readonly rivals: Rivals;
  readonly nullIsValue: boolean;
  readonly read: Read;
}

/** Reads JSON into messages of ts-proto's form; what it needs of a type is worked out at its first use. */
export class MessageReader {
  readonly #registry: TypeRegistry;
  readonly #specialTypes: ReadonlyMap<string, SpecialType>;
  readonly #plans = new Map<string, Plan>();

  constructor(registry: TypeRegistry, specialTypes: ReadonlyMap<string, SpecialType>) {
    this.#registry = registry;
    this.#specialTypes = specialTypes;
  }

  /** Reads a message of a type that is known. */
  read(typeName: string, json: unknown, context: ReadContext): Members {
    const special = this.#specialTypes.get(typeName);
    if (special !== undefined) return special.read(json, context);
    return readMessage(this.#plans.get(typeName) ?? this.#plan(typeName), json, context);
  }

  #plan(typeName: string): Plan {
    const fields = this.#registry.fieldsOf(typeName) ?? [];
    const named = (label: FieldInfo["label"]): string[] =>
      fields.filter((field) => field.label === label).map(({ localName }) => localName);
    const made: Plan = {
      fields: new Map(),
      template: Object.fromEntries(fields.map((field) => [field.localName, initialValue(field)])),
      lists: named("repeated"),
      maps: named("map"),
    };
    this.#plans.set(typeName, made);
    for (const field of fields) {
      const planned = this.#planField(field, rivalsOf(field, fields));
      made.fields.set(field.jsonName, planned).set(field.protoName, planned);
    }
    return made;
  }

  #planField({ localName, label, type }: FieldInfo, rivals: Rivals): PlannedField {
    const element = this.#elementReader(type);
    const nullIsValue = label === "single" && takesNull(type, this.#specialTypes);
    const readers = {
      single: element,
      optional: element,
      repeated: listReader(element),
      map: mapReader(element, checkWellFormed),
    };
    return { localName, rivals, nullIsValue, read: readers[label] };
  }

  #elementReader(type: ValueType): Read {
    if (type.kind === "scalar") return (json) => readScalar(json, type.scalar);
    if (type.kind === "enum") return enumReader(this.#registry.enumOf(type.name));
    const unwrap = this.#specialTypes.get(type.name)?.unwrap;
    if (unwrap === undefined) return (json, context) => this.read(type.name, json, context);
    return (json, context) => unwrap(this.read(type.name, json, context));
  }
}

function initialValue({ label, type, oneof }: FieldInfo): unknown {
  if (label !== "single" || oneof !== undefined || type.kind === "message") return undefined;
  return type.kind === "enum" ? 0 : scalarDefault(type.scalar);
}

function readMessage(plan: Plan, json: unknown, context: ReadContext): Members {
  if (!isMembers(json)) throw unexpected(json, "an object");
  enter(context);
  const message: Members = { ...plan.template };
  for (const name of plan.lists) message[name] = [];
  for (const name of plan.maps) message[name] = {};
  for (const key in json) {
    if (!Object.hasOwn(json, key)) continue;
    const value = json[key];
    const field = plan.fields.get(key);
    try {
      if (field === undefined) keepUnknown(message, key, value, context);
      else if (field.nullIsValue || (value !== null && value !== undefined)) {
        if (field.rivals.any) refuseRivals(field.rivals, key, json);
        message[field.localName] = field.read(value, context);
      }
    } catch (error) {
      throw passedBy(error, key);
    }
  }
  context.depth--;
  return message;
}

function keepUnknown(message: Members, key: string, value: unknown, context: ReadContext): void {
  // ts-proto writes what it finds there to the wire as it is.
  if (key === "_unknownFields")
    throw new CodecFailure("a message cannot hold a member of this name");
  defineMember(message, key, value);
  context.exact = false;
}

function enumReader({ numbers }: EnumInfo): Read {
  return (json, context) => {
    if (typeof json !== "string") return readInteger(json, "int32");
    const number = numbers.get(json);
    if (number !== undefined) return number;
    checkEnumName(json);
    context.exact = false;
    return json;
  };
}

/** Refuses what no proto can name a value: ts-proto would write `7` and an empty text as numbers. */
export function checkEnumName(name: string): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw unexpected(name, "the name or number of an enum value");
}

function listReader(element: Read): Read {
  return (json, context) => {
    if (!Array.isArray(json)) throw unexpected(json, "an array");
    const list: unknown[] = [];
    for (let index = 0; index < json.length; index++) {
      try {
        list.push(element(json[index], context));
      } catch (error) {
        throw passedBy(error, index);
      }
    }
    return list;
  };
}

/** Reads a map whose keys are checked by `checkKey`, and whose values are read by `element`. */
export function mapReader(element: Read, checkKey?: (key: string) => void): Read {
  return (json, context) => {
    if (!isMembers(json)) throw unexpected(json, "an object");
    const map: Members = {};
    for (const [key, value] of Object.entries(json)) {
      try {
        checkKey?.(key);
        defineMember(map, key, element(value, context));
      } catch (error) {
        throw passedBy(error, key);
      }
    }
    return map;
  };
}
