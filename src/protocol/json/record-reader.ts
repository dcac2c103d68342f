import { passedBy, unexpected } from "./codec-failure.ts";
import { refuseRivals, rivalsOf, type Rivals } from "./field-names.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { checkEnumName, mapReader } from "./message-reader.ts";
import { readInteger } from "./numbers.ts";
import {
  canonicalForm,
  defaultTest,
  noCanonicalForm,
  type FieldLink,
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
    const made: RecordPlan = { fields: new Map(), start: { next: undefined } };
    this.#plans.set(typeName, made);
    const fields = this.#registry.fieldsOf(typeName) ?? [];
    for (const field of fields) {
      const planned = this.#planField(field, rivalsOf(field, fields));
      made.fields.set(field.protoName, { ...planned, ...noCanonicalForm, key: field.protoName });
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
    const planOf = (typeName: string): RecordPlan | undefined =>
      this.#specialTypes.has(typeName) ? undefined : this.#planOf(typeName);
    return {
      key: jsonName,
      jsonName,
      next: undefined,
      ...(rivals.siblings.length > 0
        ? noCanonicalForm
        : canonicalForm(field, this.#registry, planOf)),
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
  let read = json;
  if (context.reuse && !context.inherits) {
    const odd = readCanonical(plan, json, context);
    if (odd !== undefined) read = reviseMembers(plan, { json, from: odd }, context);
  } else {
    read = reviseMembers(plan, { json }, context);
  }
  context.depth--;
  return read;
}

/**
 * Reads in place the members up to the first that is not canonical at first sight, and returns its key.
 * Nearly all JSON is canonical and passes through here only, so that the tests stand in the loop.
 */
function readCanonical(plan: RecordPlan, json: Members, context: ReadContext): string | undefined {
  let link: FieldLink = plan.start;
  let place = "";
  try {
    for (const key in json) {
      const value = json[key];
      let field = link.next;
      if (field?.key !== key) {
        field = plan.fields.get(key);
        if (field === undefined) continue;
        link.next = field;
      }
      link = field;
      if (typeof value === "number") {
        const isWithin = value < field.below && value > -field.below && value !== 0;
        if (isWithin && (!field.isWhole || value === (value | 0))) continue;
      } else if (typeof value === "string") {
        if (field.isText ? value !== "" : field.names.has(value)) continue;
      } else if (field.plan !== undefined && typeof value === "object" && value !== null) {
        place = key;
        if (!field.isList) {
          const read = readMessage(field.plan, value, context);
          if (read !== value) json[key] = read;
          continue;
        }
        if (Array.isArray(value) && value.length > 0) {
          readMessages(field.plan, value, context);
          continue;
        }
      }
      return key;
    }
  } catch (error) {
    throw passedBy(error, place);
  }
  return undefined;
}

/** Reads the members from one on, or all, whatever their form. */
function reviseMembers(
  plan: RecordPlan,
  { json, from }: { readonly json: Members; readonly from?: string },
  context: ReadContext,
): Members {
  // Only an object that must lose or rename a member is built anew: `delete` would make it slow for good.
  let target: Members | undefined = context.reuse ? undefined : {};
  let isBefore = from !== undefined;
  for (const key in json) {
    if (context.inherits && !Object.hasOwn(json, key)) continue;
    isBefore &&= key !== from;
    if (isBefore) continue;
    const field = plan.fields.get(key);
    if (field === undefined) {
      if (target !== undefined) defineMember(target, key, json[key]);
      continue;
    }
    const read = readMember(field, json, context);
    if (target === undefined) {
      if (read !== undefined && key === field.jsonName) {
        json[key] = read;
        continue;
      }
      target = membersBefore(json, key);
    }
    if (read !== undefined) target[field.jsonName] = read;
  }
  return target ?? json;
}

/** What a member becomes; undefined where it is left out. */
function readMember(field: RecordField, json: Members, context: ReadContext): unknown {
  const { key, rivals } = field;
  const value = json[key];
  if ((value === null || value === undefined) && !field.nullIsValue) return undefined;
  try {
    if (rivals.any) refuseRivals(rivals, key, json);
    const read = field.read(value, context);
    return field.isDefault(read) ? undefined : read;
  } catch (error) {
    throw passedBy(error, key);
  }
}

/** Reads messages in place. */
function readMessages(plan: RecordPlan, list: unknown[], context: ReadContext): void {
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
