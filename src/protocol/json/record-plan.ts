import type { Rivals } from "./field-names.ts";
import type { Members } from "./json-value.ts";
import { leastTooLarge } from "./numbers.ts";
import type { ScalarType } from "./scalar-types.ts";
import { isDefaultScalar } from "./scalars.ts";
import type { Read } from "./special-type.ts";
import type { EnumInfo, FieldInfo, TypeRegistry } from "./type-registry.ts";

/** What the record reader must know of a message. */
export interface RecordPlan {
  /** By JSON name and by proto name. */
  readonly fields: Map<string, RecordField>;
  /** What stands before the first member. */
  readonly start: FieldLink;
}

/** A field and what stood behind it last, which is nearly always what stands there again. */
export interface FieldLink {
  next: RecordField | undefined;
}

/** What the record reader must know of a field. */
export interface RecordField extends FieldLink, CanonicalForm {
  /** The name that it is found by. */
  readonly key: string;
  readonly jsonName: string;
  readonly rivals: Rivals;
  readonly nullIsValue: boolean;
  readonly read: Read;
  /** Whether a canonical value is a default that is left out. */
  readonly isDefault: (value: unknown) => boolean;
}

/** What tells at first sight that a value is canonical as it is; what is not told goes through `read`. */
export interface CanonicalForm {
  /** Numbers that are smaller than this, but 0, and whole where that is wanted. */
  readonly below: number;
  readonly isWhole: boolean;
  /** Any text but the empty one. */
  readonly isText: boolean;
  /** The names of an enum but the one of the default. */
  readonly names: ReadonlySet<string>;
  /** A message, or the list of some, whose members are canonical. */
  readonly plan: RecordPlan | undefined;
  readonly isList: boolean;
}

/** The form of fields of which nothing is canonical at first sight. */
export const noCanonicalForm: CanonicalForm = {
  below: 0,
  isWhole: false,
  isText: false,
  names: new Set(),
  plan: undefined,
  isList: false,
};

/** What is canonical of a field; `planOf` gives the plan of a message unless it has a JSON form of its own. */
export function canonicalForm(
  { label, type }: FieldInfo,
  registry: TypeRegistry,
  planOf: (typeName: string) => RecordPlan | undefined,
): CanonicalForm {
  const isList = label === "repeated";
  if (label === "map" || (isList && type.kind !== "message")) return noCanonicalForm;
  switch (type.kind) {
    case "message":
      return { ...noCanonicalForm, plan: planOf(type.name), isList };
    case "enum":
      return { ...noCanonicalForm, names: shownNames(registry.enumOf(type.name)) };
    case "scalar":
      return { ...noCanonicalForm, ...canonicalScalar(type.scalar) };
  }
}

function canonicalScalar(type: ScalarType): Partial<CanonicalForm> {
  switch (type) {
    case "string":
      return { isText: true };
    case "float":
    case "double":
      return { below: leastTooLarge(type) };
    case "int32":
    case "sint32":
    case "sfixed32":
      return { below: Infinity, isWhole: true };
    default:
      return {};
  }
}

/** The names that stand for a number other than the default, aliases left out. */
function shownNames({ names }: EnumInfo): ReadonlySet<string> {
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
