import type { Rivals } from "./field-names.ts";
import type { Members } from "./json-value.ts";
import { isFloat } from "./numbers.ts";
import { isDefaultScalar } from "./scalars.ts";
import type { Read } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry } from "./type-registry.ts";

/** What the record reader must know of a message. */
export interface RecordPlan {
  /** By JSON name and by proto name. */
  readonly fields: Map<string, RecordField>;
}

/** What the record reader must know of a field. */
export interface RecordField {
  readonly jsonName: string;
  /** Whether the key is the proto name where that is another. */
  readonly renamed: boolean;
  /** Which values are canonical as they are; the others go through `read`. */
  readonly canonical: Canonical;
  /** The message of `message` and `messages`. */
  readonly plan: RecordPlan | undefined;
  /** The names of `enum` but the one of the default. */
  readonly names: ReadonlySet<unknown>;
  readonly rivals: Rivals;
  readonly nullIsValue: boolean;
  readonly read: Read;
  /** Whether a canonical value is a default that is left out. */
  readonly isDefault: (value: unknown) => boolean;
}

/** What a value must be to be canonical JSON of its field at first sight. */
export const canonical = {
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

/** One of {@link canonical}. */
export type Canonical = (typeof canonical)[keyof typeof canonical];

/** Whether a value is canonical JSON of its field, messages in it not looked at. */
export function isCanonical(field: RecordField, value: unknown): boolean {
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

/** What a value of a field must be; `plain` tells a message without a JSON form of its own. */
export function canonicalOf({ label, type }: FieldInfo, plain: boolean): Canonical {
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
export function shownNames({ names }: EnumInfo): ReadonlySet<unknown> {
  return new Set([...names].filter(([number]) => number !== 0).map(([, name]) => name));
}

/** Tells the canonical values of a field that are left out. */
export function defaultTest(field: FieldInfo, registry: TypeRegistry): (value: unknown) => boolean {
  const { label, type, oneof } = field;
  if (label === "repeated") return (value) => (value as unknown[]).length === 0;
  if (label === "map") return (value) => Object.keys(value as Members).length === 0;
  if (label === "optional" || oneof !== undefined || type.kind === "message") return () => false;
  if (type.kind === "scalar") return (value) => isDefaultScalar(value, type.scalar);
  const zero = registry.enumOf(type.name).names.get(0);
  return (value) => value === zero || value === 0;
}
