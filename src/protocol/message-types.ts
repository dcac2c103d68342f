import type * as longrunning from "../../generated/google/longrunning/operations.ts";
import type * as errorDetails from "../../generated/google/rpc/error_details.ts";
import type * as status from "../../generated/google/rpc/status.ts";
import type { ApiVersion } from "./api-version.ts";
import type * as v1 from "./v1.ts";
import type * as v1p1beta1 from "./v1p1beta1.ts";
import type * as v1p2beta1 from "./v1p2beta1.ts";
import type * as v1p3beta1 from "./v1p3beta1.ts";
import type * as v1p4beta1 from "./v1p4beta1.ts";

/** The binary codec of a message type, as ts-proto generates it. */
export interface MessageType {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

type Module = Readonly<Record<string, unknown>>;

/** The generated modules of each proto package, loaded when one of its types is asked for. */
const packages: Readonly<Record<string, () => Promise<readonly Module[]>>> = {
  "google.cloud.vision.v1": async () => [await import("./v1.ts")],
  "google.cloud.vision.v1p1beta1": async () => [await import("./v1p1beta1.ts")],
  "google.cloud.vision.v1p2beta1": async () => [await import("./v1p2beta1.ts")],
  "google.cloud.vision.v1p3beta1": async () => [await import("./v1p3beta1.ts")],
  "google.cloud.vision.v1p4beta1": async () => [await import("./v1p4beta1.ts")],
  "google.longrunning": async () => [
    await import("../../generated/google/longrunning/operations.ts"),
  ],
  "google.rpc": () =>
    Promise.all([
      import("../../generated/google/rpc/status.ts"),
      import("../../generated/google/rpc/error_details.ts"),
    ]),
  "google.type": () =>
    Promise.all([
      import("../../generated/google/type/color.ts"),
      import("../../generated/google/type/latlng.ts"),
    ]),
  "google.protobuf": () =>
    Promise.all([
      import("../../generated/google/protobuf/any.ts"),
      import("../../generated/google/protobuf/duration.ts"),
      import("../../generated/google/protobuf/empty.ts"),
      import("../../generated/google/protobuf/field_mask.ts"),
      import("../../generated/google/protobuf/timestamp.ts"),
      import("../../generated/google/protobuf/wrappers.ts"),
      import("./json/struct-message.ts"),
    ]),
};

/** The binary codec of a message by its full name, e.g. `google.rpc.ErrorInfo`; undefined for a type that was not generated. */
export async function loadMessageType(typeName: string): Promise<MessageType | undefined> {
  const packageName = Object.keys(packages).find((name) => typeName.startsWith(`${name}.`));
  return packageName === undefined ? undefined : (await loadPackage(packageName)).get(typeName);
}

/** Loads the message types of one API version and of the packages that it draws on, by full name. */
export async function loadMessageTypes(
  version: ApiVersion,
): Promise<ReadonlyMap<string, MessageType>> {
  const common = Object.keys(packages).filter((name) => !name.startsWith("google.cloud."));
  const loaded = await Promise.all([`google.cloud.vision.${version}`, ...common].map(loadPackage));
  return new Map(loaded.flatMap((types) => [...types]));
}

const loadedPackages = new Map<string, Promise<ReadonlyMap<string, MessageType>>>();

function loadPackage(packageName: string): Promise<ReadonlyMap<string, MessageType>> {
  const loading = loadedPackages.get(packageName) ?? readPackage(packageName);
  loadedPackages.set(packageName, loading);
  return loading;
}

async function readPackage(packageName: string): Promise<ReadonlyMap<string, MessageType>> {
  const types = new Map<string, MessageType>();
  for (const module of (await packages[packageName]?.()) ?? []) {
    for (const [name, exported] of Object.entries(module)) {
      // Nested types are exported as Outer_Inner.
      const typeName = `${packageName}.${name.replaceAll("_", ".")}`;
      if (isMessageType(exported)) types.set(typeName, exported);
    }
  }
  return types;
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

/** By proto package. */
interface Packages {
  readonly "google.cloud.vision.v1": typeof v1;
  readonly "google.cloud.vision.v1p1beta1": typeof v1p1beta1;
  readonly "google.cloud.vision.v1p2beta1": typeof v1p2beta1;
  readonly "google.cloud.vision.v1p3beta1": typeof v1p3beta1;
  readonly "google.cloud.vision.v1p4beta1": typeof v1p4beta1;
  readonly "google.longrunning": typeof longrunning;
  readonly "google.rpc": typeof errorDetails & typeof status;
}

type KnownMessage<Name extends string> = {
  [Package in keyof Packages]: Name extends `${Package}.${infer Local}`
    ? Decoded<Packages[Package], ExportName<Local>>
    : never;
}[keyof Packages];

/** ts-proto joins the names of nested messages with `_`. */
type ExportName<Local extends string> = Local extends `${infer Outer}.${infer Inner}`
  ? `${Outer}_${ExportName<Inner>}`
  : Local;

type Decoded<Module, Export extends string> = Export extends keyof Module
  ? Module[Export] extends { decode(input: Uint8Array): infer Message }
    ? Message
    : never
  : never;
