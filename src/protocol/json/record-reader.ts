import { passedBy, unexpected } from "./codec-failure.ts";
import { refuseRivals, rivalsOf, type Rivals } from "./field-names.ts";
import { defineMember, isMembers, type Members } from "./json-value.ts";
import { isFloat, readInteger } from "./numbers.ts";
import { isDefaultScalar, readScalarForRecord } from "./scalars.ts";
import { enter, type Read, type ReadContext, type SpecialType } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry, ValueType } from "./type-registry.ts";

/** Reads JSON into records: canonical JSON, in place where it may be. */
export interface RecordReader {
  /** Reads a record of a type that is known. */
  read(typeName: string, json: unknown, context: ReadContext): unknown;
}

interface Plan {
  /** By JSON name and by proto name. */
  readonly fields: Map<string, PlannedField>;
}

interface PlannedField {
  readonly jsonName: string;
  /** Whether the key is the proto name where that is another. */
  readonly renamed: boolean;
  /** Which values are canonical as they are; the others go through `read`. */
  readonly canonical: Canonical;
  /** The message of `message` and `messages`. */
  readonly plan: Plan | undefined;
  /** The names of `enum` but the one of the default. */
  readonly names: ReadonlySet<unknown>;
  readonly rivals: Rivals;
  readonly nullIsValue: boolean;
  readonly read: Read;
  /** Whether a canonical value is a default that is left out. */
  readonly isDefault: (value: unknown) => boolean;
}

/** What a value must be to be canonical JSON of its field at first sight. */
const canonical = {
  nothing: 0,
  text: 1,
  integer: 2,
  float: 3,
  double: 4,
  true: 5,
  enum: 6,
  message: 7,
  messages: 8,
} as const;
type Canonical = (typeof canonical)[keyof typeof canonical];

/** A reader over a registry; what it needs of a type is worked out when the type is first read. */
export function createRecordReader(
  registry: TypeRegistry,
  specialTypes: ReadonlyMap<string, SpecialType>,
): RecordReader {
  const plans = new Map<string, Plan>();

  function read(typeName: string, json: unknown, context: ReadContext): unknown {
    const special = specialTypes.get(typeName);
    if (special === undefined) return readMessage(planOf(typeName), json, context);
    if (special.revise !== undefined) return special.revise(json, context);
    return special.write(special.read(json, context), context);
  }

  function planOf(typeName: string): Plan {
    const known = plans.get(typeName);
    if (known !== undefined) return known;
    const made: Plan = { fields: new Map() };
    plans.set(typeName, made);
    const fields = registry.fieldsOf(typeName) ?? [];
    for (const field of fields) {
      const planned = planField(field, rivalsOf(field, fields));
      made.fields.set(field.protoName, { ...planned, canonical: canonical.nothing, renamed: true });
      made.fields.set(field.jsonName, planned);
    }
    return made;
  }

  function planField(field: FieldInfo, rivals: Rivals): PlannedField {
    const { jsonName, label, type } = field;
    const special = type.kind === "message" ? specialTypes.get(type.name) : undefined;
    const element = elementReader(type);
    const plain = type.kind === "message" && special === undefined;
    return {
      jsonName,
      renamed: false,
      canonical: rivals.siblings.length > 0 ? canonical.nothing : canonicalOf(field, plain),
      plan: plain ? planOf(type.name) : undefined,
      names: type.kind === "enum" ? shownNames(registry.enumOf(type.name)) : new Set(),
      rivals,
      nullIsValue: label === "single" && special?.nullIsValue === true,
      read:
        label === "repeated" ? listReader(element) : label === "map" ? mapReader(element) : element,
      isDefault: defaultTest(field, registry),
    };
  }

  function elementReader(type: ValueType): Read {
    if (type.kind === "scalar") return (json) => readScalarForRecord(json, type.scalar);
    if (type.kind === "enum") return enumReader(registry.enumOf(type.name));
    return (json, context) => read(type.name, json, context);
  }

  return { read };
}

function readMessage(plan: Plan, json: unknown, context: ReadContext): Members {
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

function isCanonical(field: PlannedField, value: unknown): boolean {
  switch (field.canonical) {
    case canonical.text:
      return typeof value === "string" && value !== "";
    case canonical.integer:
      return typeof value === "number" && value === (value | 0) && value !== 0;
    case canonical.float:
      return typeof value === "number" && value !== 0 && isFloat(value, "float");
    case canonical.double:
      return typeof value === "number" && value !== 0 && isFloat(value, "double");
    case canonical.true:
      return value === true;
    case canonical.enum:
      return field.names.has(value);
    case canonical.message:
      return value !== null && value !== undefined;
    case canonical.messages:
      return Array.isArray(value) && value.length > 0;
    default:
      return false;
  }
}

/** A value that is not canonical as it is: what it becomes, undefined where it is left out. */
function readOther(
  field: PlannedField,
  { json, key }: { readonly json: Members; readonly key: string },
  context: ReadContext,
): unknown {
  const value = json[key];
  if ((value === null || value === undefined) && !field.nullIsValue) return undefined;
  if (field.rivals.any) refuseRivals(field.rivals, key, json);
  const read = field.read(value, context);
  return field.isDefault(read) ? undefined : read;
}

function readMessages(plan: Plan, given: unknown[], context: ReadContext): unknown[] {
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
    defineMember(members, key, json[key]);
  }
  return members;
}

function canonicalOf({ label, type }: FieldInfo, plain: boolean): Canonical {
  if (label === "map") return canonical.nothing;
  if (label === "repeated") return plain ? canonical.messages : canonical.nothing;
  if (type.kind === "message") return plain ? canonical.message : canonical.nothing;
  if (type.kind === "enum") return canonical.enum;
  switch (type.scalar) {
    case "string":
      return canonical.text;
    case "bool":
      return canonical.true;
    case "float":
    case "double":
      return canonical[type.scalar];
    case "int32":
    case "sint32":
    case "sfixed32":
      return canonical.integer;
    default:
      return canonical.nothing;
  }
}

/** The names that stand for a number other than the default, aliases left out. */
function shownNames({ names }: EnumInfo): ReadonlySet<unknown> {
  return new Set([...names].filter(([number]) => number !== 0).map(([, name]) => name));
}

function enumReader({ numbers, names }: EnumInfo): Read {
  return (json) => {
    if (typeof json !== "string") {
      const number = readInteger(json, "int32");
      return names.get(number) ?? number;
    }
    const number = numbers.get(json);
    return number === undefined ? json : names.get(number);
  };
}

function defaultTest(field: FieldInfo, registry: TypeRegistry): (value: unknown) => boolean {
  const { label, type, oneof } = field;
  if (label === "repeated") return (value) => (value as unknown[]).length === 0;
  if (label === "map") return (value) => Object.keys(value as Members).length === 0;
  if (label === "optional" || oneof !== undefined || type.kind === "message") return () => false;
  if (type.kind === "scalar") return (value) => isDefaultScalar(value, type.scalar);
  const zero = registry.enumOf(type.name).names.get(0);
  return (value) => value === zero || value === 0;
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

function mapReader(element: Read): Read {
  return (json, context) => {
    if (!isMembers(json)) throw unexpected(json, "an object");
    const map: Members = {};
    for (const [key, value] of Object.entries(json)) {
      try {
        defineMember(map, key, element(value, context));
      } catch (error) {
        throw passedBy(error, key);
      }
    }
    return map;
  };
}
