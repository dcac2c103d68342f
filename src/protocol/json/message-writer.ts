import { CodecFailure, passedBy, unexpected } from "./codec-failure.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { readInteger } from "./numbers.ts";
import { isDefaultScalar, writeScalar } from "./scalars.ts";
import { enter, type Depth, type SpecialType, type Write } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry, ValueType } from "./type-registry.ts";

/** Writes messages of ts-proto's form as canonical JSON. */
export interface MessageWriter {
  /** Writes a message of a type that is known. */
  write(typeName: string, message: unknown, context: Depth): unknown;
}

/** By ts-proto's name. */
type Plan = Map<string, PlannedField>;

interface PlannedField {
  readonly jsonName: string;
  readonly oneof: string | undefined;
  readonly nullIsValue: boolean;
  readonly isDefault: (value: unknown) => boolean;
  readonly write: Write;
}

/** A writer over a registry; what it needs of a type is worked out when the type is first written. */
export function createMessageWriter(
  registry: TypeRegistry,
  specialTypes: ReadonlyMap<string, SpecialType>,
): MessageWriter {
  const plans = new Map<string, Plan>();

  function write(typeName: string, message: unknown, context: Depth): unknown {
    if (!isMembers(message)) throw unexpected(message, "a message");
    const special = specialTypes.get(typeName);
    if (special !== undefined) return special.write(message, context);
    return writeMessage(plans.get(typeName) ?? plan(typeName), message, context);
  }

  function plan(typeName: string): Plan {
    const made: Plan = new Map();
    plans.set(typeName, made);
    for (const field of registry.fieldsOf(typeName) ?? []) {
      const element = elementWriter(field.type);
      const { localName, jsonName, oneof, label, type } = field;
      const special = type.kind === "message" ? specialTypes.get(type.name) : undefined;
      const nullIsValue = label === "single" && special?.nullIsValue === true;
      const write =
        label === "repeated" ? listWriter(element) : label === "map" ? mapWriter(element) : element;
      made.set(localName, { jsonName, oneof, nullIsValue, isDefault: defaultTest(field), write });
    }
    return made;
  }

  function elementWriter(type: ValueType): Write {
    if (type.kind === "scalar") return (value) => writeScalar(value, type.scalar);
    if (type.kind === "enum") return enumWriter(registry.enumOf(type.name));
    const wrap = specialTypes.get(type.name)?.wrap;
    if (wrap === undefined) {
      return (value, context) => write(type.name, value, context);
    }
    return (value, context) => write(type.name, wrap(value), context);
  }

  return { write };
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
