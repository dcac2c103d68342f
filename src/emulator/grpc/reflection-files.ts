import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  type DescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

const wellKnown = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
].map(({ proto }) => proto);

/**
 * Makes files that a reflection client can link out of those of proto-loader, which have one file a
 * package, relative names of types, no imports and no names for the entries of maps. Options are
 * left out, and with them google.api.
 */
export function linkableFiles(loaded: readonly Uint8Array[]): readonly Uint8Array[] {
  const files = loaded
    .map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes))
    .filter((file) => !["google.api", "google.protobuf"].includes(file.package));
  for (const file of files) removeOptions(file);
  const all = [...wellKnown, ...files];
  const fileOf = new Map(
    all.flatMap((file) => symbolsOf(file).map((symbol) => [symbol, file.name] as const)),
  );
  for (const file of files) linkFile(file, fileOf);
  return all.map((file) => toBinary(FileDescriptorProtoSchema, file));
}

function removeOptions(file: FileDescriptorProto): void {
  file.extension = [];
  for (const service of file.service) {
    delete service.options;
    for (const method of service.method) delete method.options;
  }
  for (const message of file.messageType) tidyMessage(message);
}

function tidyMessage(message: DescriptorProto): void {
  const isMapEntry = message.options?.mapEntry === true;
  if (!isMapEntry) delete message.options;
  for (const field of message.field) {
    if (field.options?.packed !== true) delete field.options;
  }
  for (const nested of message.nestedType) {
    tidyMessage(nested);
    if (nested.options?.mapEntry === true) renameMapEntry(message, nested);
  }
}

/** Source of the name: google/protobuf/descriptor.proto, MessageOptions.map_entry. */
function renameMapEntry(message: DescriptorProto, entry: DescriptorProto): void {
  const name = `${entry.name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}Entry`;
  for (const field of message.field) {
    if (field.typeName === entry.name) field.typeName = name;
  }
  entry.name = name;
}

function symbolsOf(file: FileDescriptorProto): readonly string[] {
  const inMessage = (scope: string, message: DescriptorProto): readonly string[] => {
    const name = `${scope}.${message.name}`;
    return [
      name,
      ...message.enumType.map((one) => `${name}.${one.name}`),
      ...message.nestedType.flatMap((nested) => inMessage(name, nested)),
    ];
  };
  return [
    ...file.enumType.map((one) => `${file.package}.${one.name}`),
    ...file.messageType.flatMap((message) => inMessage(file.package, message)),
  ];
}

function linkFile(file: FileDescriptorProto, fileOf: ReadonlyMap<string, string>): void {
  const imports = new Set<string>();
  const resolve = (name: string, scope: string): string => {
    const symbol = name.startsWith(".") ? name.slice(1) : lookUp(name, scope, fileOf);
    const home = fileOf.get(symbol);
    if (home !== undefined && home !== file.name) imports.add(home);
    return `.${symbol}`;
  };
  const linkMessage = (scope: string, message: DescriptorProto): void => {
    const inside = `${scope}.${message.name}`;
    for (const field of message.field) linkField(field, inside, resolve);
    for (const nested of message.nestedType) linkMessage(inside, nested);
  };
  for (const message of file.messageType) linkMessage(file.package, message);
  for (const method of file.service.flatMap((service) => service.method)) {
    method.inputType = resolve(method.inputType, file.package);
    method.outputType = resolve(method.outputType, file.package);
  }
  file.dependency = [...imports];
}

function linkField(
  field: FieldDescriptorProto,
  scope: string,
  resolve: (name: string, scope: string) => string,
): void {
  if (field.typeName !== "") field.typeName = resolve(field.typeName, scope);
}

/** The innermost scope wins. */
function lookUp(name: string, scope: string, fileOf: ReadonlyMap<string, string>): string {
  for (
    let outer = scope;
    outer !== "";
    outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))
  ) {
    if (fileOf.has(`${outer}.${name}`)) return `${outer}.${name}`;
  }
  return name;
}
