import { passedBy, unexpected } from "./codec-failure.ts";
import { refuseRivals, rivalsOf, type Rivals } from "./field-names.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { checkEnumName, mapReader } from "./message-reader.ts";
import { readInteger } from "./numbers.ts";
import {
  canonical,
  canonicalOf,
  defaultTest,
  isCanonical,
  shownNames,
  type RecordField,
  type RecordPlan,
} from "./record-plan.ts";
import { readScalarForRecord } from "./scalars.ts";
import { enter, takesNull, type Read, type ReadContext, type SpecialType } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry, ValueType } from "./type-registry.ts";

/** Reads JSON into records, in place where it may; what it needs of a type is worked out at its first use. */
export class RecordReader {
  readonly #registry: TypeRegistry;
  readonly #specialTypes: ReadonlyMap<string, SpecialType>;
  readonly #plans = new Map<string, RecordPlan>();

  constructor(registry: TypeRegistry, specialTypes: ReadonlyMap<string, SpecialType>) {
    this.#registry = registry;
    this.#specialTypes = specialTypes;
  }

  /** Reads a record of a type that is known. */
  read(typeName: string, json: unknown, context: ReadContext): unknown {
    const special = this.#specialTypes.get(typeName);
    if (special === undefined) return readMessage(this.#planOf(typeName), json, context);
    if (special.revise !== undefined) return special.revise(json, context);
    return special.write(special.read(json, context), context);
  }

  #planOf(typeName: string): RecordPlan {
    const known = this.#plans.get(typeName);
    if (known !== undefined) return known;
    const made: RecordPlan = { fields: new Map() };
    this.#plans.set(typeName, made);
    const fields = this.#registry.fieldsOf(typeName) ?? [];
    for (const field of fields) {
      const planned = this.#planField(field, rivalsOf(field, fields));
      made.fields.set(field.protoName, { ...planned, canonical: canonical.nothing, renamed: true });
      made.fields.set(field.jsonName, planned);
    }
    return made;
  }

  #planField(field: FieldInfo, rivals: Rivals): RecordField {
    const { jsonName, label, type } = field;
    const element = this.#elementReader(type);
    const readers = {
      single: element,
      optional: element,
      repeated: listReader(element),
      map: mapReader(element),
    };
    const plain = type.kind === "message" && !this.#specialTypes.has(type.name);
    return {
      jsonName,
      renamed: false,
      canonical: rivals.siblings.length > 0 ? canonical.nothing : canonicalOf(field, plain),
      plan: plain ? this.#planOf(type.name) : undefined,
      names: type.kind === "enum" ? shownNames(this.#registry.enumOf(type.name)) : new Set(),
      rivals,
      nullIsValue: label === "single" && takesNull(type, this.#specialTypes),
      read: readers[label],
      isDefault: defaultTest(field, this.#registry),
    };
  }

  #elementReader(type: ValueType): Read {
    if (type.kind === "scalar") return (json) => readScalarForRecord(json, type.scalar);
    if (type.kind === "enum") return enumReader(this.#registry.enumOf(type.name));
    return (json, context) => this.read(type.name, json, context);
  }
}

function readMessage(plan: RecordPlan, json: unknown, context: ReadContext): Members {
  if (!isMembers(json)) throw unexpected(json, "an object");
  enter(context);
  // Only an object that must lose or rename a member is built anew: `delete` would make it slow for good.
  let target: Members | undefined = context.reuse ? undefined : {};
  let place = "";
  try {
    for (const key in json) {
      if (context.inherits && !Object.hasOwn(json, key)) continue;
      const value = json[key];
      const field = plan.fields.get(key);
      if (field === undefined) {
        if (target !== undefined) defineMember(target, key, value);
        continue;
      }
      let read = value;
      if (!isCanonical(field, value)) {
        place = key;
        read = readOther(field, { json, key }, context);
      } else if (field.plan !== undefined) {
        place = key;
        read =
          field.canonical === canonical.message
            ? readMessage(field.plan, value, context)
            : readMessages(field.plan, value as unknown[], context);
      }
      if (target === undefined) {
        if (read === value && !field.renamed) continue;
        if (read !== undefined && !field.renamed) {
          json[key] = read;
          continue;
        }
        target = membersBefore(json, key);
      }
      if (read !== undefined) target[field.jsonName] = read;
    }
  } catch (error) {
    throw passedBy(error, place);
  }
  context.depth--;
  return target ?? json;
}

/** A value that is not canonical as it is: what it becomes, undefined where it is left out. */
function readOther(
  field: RecordField,
  { json, key }: { readonly json: Members; readonly key: string },
  context: ReadContext,
): unknown {
  const value = json[key];
  if ((value === null || value === undefined) && !field.nullIsValue) return undefined;
  if (field.rivals.any) refuseRivals(field.rivals, key, json);
  const read = field.read(value, context);
  return field.isDefault(read) ? undefined : read;
}

function readMessages(plan: RecordPlan, given: unknown[], context: ReadContext): unknown[] {
  const list = context.reuse ? given : given.slice();
  let index = 0;
  try {
    for (; index < list.length; index++) {
      const value = list[index];
      const read = readMessage(plan, value, context);
      if (read !== value) list[index] = read;
    }
  } catch (error) {
    throw passedBy(error, index);
  }
  return list;
}

function membersBefore(json: Members, end: string): Members {
  const members: Members = {};
  for (const key in json) {
    if (key === end) break;
    if (Object.hasOwn(json, key)) defineMember(members, key, json[key]);
  }
  return members;
}

function enumReader({ numbers, names }: EnumInfo): Read {
  return (json) => {
    if (typeof json !== "string") {
      const number = readInteger(json, "int32");
      return names.get(number) ?? number;
    }
    const number = numbers.get(json);
    if (number !== undefined) return names.get(number);
    checkEnumName(json);
    return json;
  };
}

function listReader(element: Read): Read {
  return (json, context) => {
    if (!Array.isArray(json)) throw unexpected(json, "an array");
    const list = context.reuse ? (json as unknown[]) : (json as unknown[]).slice();
    for (let index = 0; index < list.length; index++) {
      try {
        list[index] = element(list[index], context);
      } catch (error) {
        throw passedBy(error, index);
      }
    }
    return list;
  };
}
