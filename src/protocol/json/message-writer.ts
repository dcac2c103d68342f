import { CodecFailure, passedBy, unexpected } from "./codec-failure.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { readInteger } from "./numbers.ts";
import { isDefaultScalar, writeScalar } from "./scalars.ts";
import { enter, takesNull, type Depth, type SpecialType, type Write } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry, ValueType } from "./type-registry.ts";

/** By ts-proto's name. */
type Plan = Map<string, PlannedField>;

interface PlannedField {
  readonly jsonName: string;
  readonly oneof: string | undefined;
  readonly nullIsValue: boolean;
  readonly isDefault: (value: unknown) => boolean;
  readonly write: Write;
}

/** Writes messages of ts-proto's form as canonical JSON; what it needs of a type is worked out at its first use. */
export class MessageWriter {
  readonly #registry: TypeRegistry;
  readonly #specialTypes: ReadonlyMap<string, SpecialType>;
  readonly #plans = new Map<string, Plan>();

  constructor(registry: TypeRegistry, specialTypes: ReadonlyMap<string, SpecialType>) {
    this.#registry = registry;
    this.#specialTypes = specialTypes;
  }

  /** Writes a message of a type that is known. */
  write(typeName: string, message: unknown, context: Depth): unknown {
    if (!isMembers(message)) throw unexpected(message, "a message");
    const special = this.#specialTypes.get(typeName);
    if (special !== undefined) return special.write(message, context);
    return writeMessage(this.#plans.get(typeName) ?? this.#plan(typeName), message, context);
  }

  #plan(typeName: string): Plan {
    const made: Plan = new Map();
    this.#plans.set(typeName, made);
    for (const field of this.#registry.fieldsOf(typeName) ?? []) {
      made.set(field.localName, this.#planField(field));
    }
    return made;
  }

  #planField(field: FieldInfo): PlannedField {
    const { jsonName, oneof, label, type } = field;
    const element = this.#elementWriter(type);
    const nullIsValue = label === "single" && takesNull(type, this.#specialTypes);
    const writers = {
      single: element,
      optional: element,
      repeated: listWriter(element),
      map: mapWriter(element),
    };
    return { jsonName, oneof, nullIsValue, isDefault: defaultTest(field), write: writers[label] };
  }

  #elementWriter(type: ValueType): Write {
    if (type.kind === "scalar") return (value) => writeScalar(value, type.scalar);
    if (type.kind === "enum") return enumWriter(this.#registry.enumOf(type.name));
    const wrap = this.#specialTypes.get(type.name)?.wrap;
    if (wrap === undefined) return (value, context) => this.write(type.name, value, context);
    return (value, context) => this.write(type.name, wrap(value), context);
  }
}

function writeMessage(plan: Plan, message: Members, context: Depth): Members {
  enter(context);
  const json: Members = {};
  let oneofs: Set<string> | undefined;
  for (const key in message) {
    if (!Object.hasOwn(message, key)) continue;
    const value = message[key];
    if (value === undefined || key === "_unknownFields") continue;
    const field = plan.get(key);
    if (field === undefined) {
      defineMember(json, key, value);
      continue;
    }
    if ((value === null && !field.nullIsValue) || field.isDefault(value)) continue;
    try {
      if (field.oneof !== undefined) oneofs = claim(field.oneof, oneofs);
      json[field.jsonName] = field.write(value, context);
    } catch (error) {
      throw passedBy(error, key);
    }
  }
  context.depth--;
  return json;
}

function claim(oneof: string, claimed = new Set<string>()): Set<string> {
  if (claimed.has(oneof)) throw new CodecFailure(`another member of the oneof ${oneof} is set too`);
  return claimed.add(oneof);
}

function defaultTest({ label, type, oneof }: FieldInfo): (value: unknown) => boolean {
  if (label === "repeated") return (value) => Array.isArray(value) && value.length === 0;
  if (label === "map") return (value) => isMembers(value) && Object.keys(value).length === 0;
  if (label === "optional" || oneof !== undefined || type.kind === "message") return () => false;
  if (type.kind === "enum") return (value) => value === 0;
  return (value) => isDefaultScalar(value, type.scalar);
}

function enumWriter({ names }: EnumInfo): Write {
  return (value) => {
    // A name that the table does not know is kept as a string in messages too.
    if (typeof value === "string") return value;
    const number = readInteger(value, "int32");
    return names.get(number) ?? number;
  };
}

function listWriter(element: Write): Write {
  return (list, context) => {
    if (!Array.isArray(list)) throw unexpected(list, "an array");
    return list.map((value: unknown, index) => {
      try {
        return element(value, context);
      } catch (error) {
        throw passedBy(error, index);
      }
    });
  };
}

function mapWriter(element: Write): Write {
  return (map, context) => {
    if (!isMembers(map)) throw unexpected(map, "an object");
    const json: Members = {};
    for (const [key, value] of Object.entries(map)) {
      try {
        defineMember(json, key, element(value, context));
      } catch (error) {
        throw passedBy(error, key);
      }
    }
    return json;
  };
}
