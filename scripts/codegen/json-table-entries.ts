import { ScalarType, type DescEnum, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";

/** A message by its name within the package: its fields as texts (the header of a table tells their form). */
export function describeMessage(message: DescMessage): [name: string, fields: string[]] {
  if (message.file.edition !== Edition.EDITION_PROTO3) {
    throw new Error(`${message.typeName} is not proto3: its JSON form is not known here`);
  }
  const name = nameInPackage(message);
  if (!/^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*$/.test(name)) {
    throw new Error(`${message.typeName}: what ts-proto calls this message is not known here`);
  }
  return [name, message.fields.map(describeField)];
}

/** An enum by its name within the package: numbers by name, aliases after the name that JSON shows. */
export function describeEnum(each: DescEnum): [name: string, numbers: Record<string, number>] {
  const numbers = each.values.map(({ name, number }) => [name, number] as const);
  return [nameInPackage(each), Object.fromEntries(numbers)];
}

function describeField(field: DescField): string {
  const camelCase = camelCaseOf(field);
  const parts = [
    String(field.number),
    field.name,
    ...labelOf(field),
    typeOf(field),
    ...(field.oneof === undefined ? [] : [`oneof=${field.oneof.name}`]),
    ...(field.jsonName === camelCase ? [] : [`json=${field.jsonName}`]),
  ];
  return parts.join(" ");
}

/** ts-proto (`snakeToCamel=keys`) and protoc agree on such names only; of others we cannot be sure. */
function camelCaseOf(field: DescField): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(field.name)) {
    throw new Error(`${String(field)}: what ts-proto calls this field is not known here`);
  }
  return field.name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function labelOf(field: DescField): string[] {
  if (field.proto.proto3Optional) return ["optional"];
  return field.fieldKind === "list" ? ["repeated"] : [];
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case "scalar":
      return scalarName(field.scalar);
    case "enum":
      return reference(field.enum, field);
    case "message":
      return reference(field.message, field);
    case "list":
      if (field.listKind === "scalar") return scalarName(field.scalar);
      if (field.listKind === "enum") return reference(field.enum, field);
      return plainReference(field.message, field);
    case "map":
      return `map<string,${mapValueOf(field)}>`;
  }
}

function mapValueOf(field: DescField & { fieldKind: "map" }): string {
  if (field.mapKey !== ScalarType.STRING) {
    throw new Error(`${String(field)}: the form that ts-proto gives such keys is not known here`);
  }
  if (field.mapKind === "scalar") return scalarName(field.scalar);
  if (field.mapKind === "enum") return reference(field.enum, field);
  return plainReference(field.message, field);
}

/** ts-proto unwraps these in a field; how it does so in lists and maps is not known here. */
const unwrapped = /^google\.protobuf\.(\w+Value|Value|FieldMask|Struct)$/;

function plainReference(type: DescMessage, field: DescField): string {
  if (unwrapped.test(type.typeName)) {
    throw new Error(`${String(field)}: the form that ts-proto gives this field is not known here`);
  }
  return reference(type, field);
}

function reference(type: DescMessage | DescEnum, field: DescField): string {
  const here = field.parent.file.proto.package === type.file.proto.package;
  return here ? nameInPackage(type) : `.${type.typeName}`;
}

function nameInPackage(type: DescMessage | DescEnum): string {
  return type.typeName.slice(type.file.proto.package.length + 1);
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}
