import { isScalarType, type ScalarType } from "./scalar-types.ts";

/** A generated table: the messages and enums of one proto package. */
export interface JsonTable {
  readonly packageName: string;
  /** The fields of each message, by its name within the package; the generated files tell their form. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What the type of a field's value is. */
export type ValueType =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly name: string }
  | { readonly kind: "message"; readonly name: string };

/** A field of a message. */
export interface FieldInfo {
  readonly number: number;
  readonly protoName: string;
  readonly jsonName: string;
  /** The name that ts-proto gives it. */
  readonly localName: string;
  /** `optional` is proto3's: absent and default are two things. */
  readonly label: "single" | "optional" | "repeated" | "map";
  /** The type of the value, of an element, or of a value of a map, whose keys are strings. */
  readonly type: ValueType;
  readonly oneof: string | undefined;
}

/** Names and numbers of an enum; of aliases the first name stands for the number. */
export interface EnumInfo {
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

/** The types of several tables by full name. */
export interface TypeRegistry {
  readonly typeNames: readonly string[];
  /** The fields of a message; undefined where the type is not known. */
  fieldsOf(typeName: string): readonly FieldInfo[] | undefined;
  /** An enum that a table names. */
  enumOf(name: string): EnumInfo;
}

/** Joins tables; the fields of a message are read from their text when first asked for. */
export function createTypeRegistry(tables: readonly JsonTable[]): TypeRegistry {
  const messages = new Map<string, { packageName: string; fields: readonly string[] }>();
  const enums = new Map<string, Readonly<Record<string, number>>>();
  for (const { packageName, ...table } of tables) {
    for (const [name, fields] of Object.entries(table.messages)) {
      messages.set(`${packageName}.${name}`, { packageName, fields });
    }
    for (const [name, numbers] of Object.entries(table.enums)) {
      enums.set(`${packageName}.${name}`, numbers);
    }
  }
  const isEnum = (name: string): boolean => enums.has(name);
  return {
    typeNames: [...messages.keys()],
    fieldsOf: (typeName) => {
      const found = messages.get(typeName);
      return found?.fields.map((text) => parseField(text, found.packageName, isEnum));
    },
    enumOf: (name) => {
      const numbers = enums.get(name);
      if (numbers === undefined) throw new Error(`no table has the enum ${name}`);
      return enumInfo(Object.entries(numbers));
    },
  };
}

function enumInfo(values: readonly (readonly [string, number])[]): EnumInfo {
  const names = new Map<number, string>();
  for (const [name, number] of values) if (!names.has(number)) names.set(number, name);
  return { numbers: new Map(values), names };
}

function parseField(
  text: string,
  packageName: string,
  isEnum: (name: string) => boolean,
): FieldInfo {
  const [number = "", protoName = "", ...rest] = text.split(" ");
  const option = (name: string): string | undefined =>
    rest.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const [first = "", second = ""] = rest;
  const labelled = first === "repeated" || first === "optional";
  const typeText = labelled ? second : first;
  const mapped = /^map<string,(.*)>$/.exec(typeText)?.[1];
  const localName = protoName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return {
    number: Number(number),
    protoName,
    localName,
    jsonName: option("json") ?? localName,
    label: mapped !== undefined ? "map" : labelled ? first : "single",
    type: parseType(mapped ?? typeText, packageName, isEnum),
    oneof: option("oneof"),
  };
}

function parseType(
  text: string,
  packageName: string,
  isEnum: (name: string) => boolean,
): ValueType {
  if (isScalarType(text)) return { kind: "scalar", scalar: text };
  const name = text.startsWith(".") ? text.slice(1) : `${packageName}.${text}`;
  return { kind: isEnum(name) ? "enum" : "message", name };
}
