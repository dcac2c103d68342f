import { messages, type MessageModules } from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";

/** The binary codec of a message type, as ts-proto generates it. */
export interface MessageType {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

/** A proto package that messages were generated of. */
type PackageName = keyof MessageModules;

const vision = "google.cloud.vision.";
const packageNames = Object.keys(messages) as PackageName[];

/** The binary codec of a message by its full name, e.g. `google.rpc.ErrorInfo`; undefined for a type that was not generated. */
export async function loadMessageType(typeName: string): Promise<MessageType | undefined> {
  const packageName = packageNames.find((name) => typeName.startsWith(`${name}.`));
  return packageName === undefined ? undefined : (await loadPackage(packageName)).get(typeName);
}

/** Loads the message types of one API version and of the packages that it draws on, by full name. */
export async function loadMessageTypes(
  version: ApiVersion,
): Promise<ReadonlyMap<string, MessageType>> {
  const loaded = await Promise.all(packagesOf(version).map(loadPackage));
  return new Map(loaded.flatMap((types) => [...types]));
}

/** The proto packages of one API version: its own, and those that all versions draw on. */
export function packagesOf(version: ApiVersion): PackageName[] {
  const own: PackageName = `${vision}${version}`;
  return packageNames.filter((name) => name === own || !name.startsWith(vision));
}

const loadedPackages = new Map<string, Promise<ReadonlyMap<string, MessageType>>>();

function loadPackage(packageName: PackageName): Promise<ReadonlyMap<string, MessageType>> {
  const loading = loadedPackages.get(packageName) ?? readPackage(packageName);
  loadedPackages.set(packageName, loading);
  return loading;
}

async function readPackage(packageName: PackageName): Promise<ReadonlyMap<string, MessageType>> {
  const types = new Map<string, MessageType>();
  for (const module of await modulesOf(packageName)) {
    for (const [name, exported] of Object.entries(module)) {
      // Nested types are exported as Outer_Inner.
      const typeName = `${packageName}.${name.replaceAll("_", ".")}`;
      if (isMessageType(exported)) types.set(typeName, exported);
    }
  }
  return types;
}

async function modulesOf(packageName: PackageName): Promise<readonly object[]> {
  const modules = await messages[packageName]();
  if (packageName !== "google.protobuf") return modules;
  return [...modules, await import("./json/struct-message.ts")];
}

function isMessageType(value: unknown): value is MessageType {
  return typeof value === "object" && value !== null && "decode" in value;
}

/** The message that a full type name stands for; a record of unknowns where the name is not known. */
export type MessageOf<Name extends string> = string extends Name
  ? Record<string, unknown>
  : [KnownMessage<Name>] extends [never]
    ? Record<string, unknown>
    : KnownMessage<Name>;

type KnownMessage<Name extends string> = {
  [Package in PackageName]: Name extends `${Package}.${infer Local}`
    ? Decoded<MessageModules[Package], ExportName<Local>>
    : never;
}[PackageName];

/** ts-proto joins the names of nested messages with `_`. */
type ExportName<Local extends string> = Local extends `${infer Outer}.${infer Inner}`
  ? `${Outer}_${ExportName<Inner>}`
  : Local;

type Decoded<Module, Export extends string> = Module extends {
  readonly [E in Export]: { decode(input: Uint8Array): infer Message };
}
  ? Message
  : never;
