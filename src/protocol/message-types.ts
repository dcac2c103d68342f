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
    ]),
};

/** The binary codec of a message by its full name, e.g. `google.rpc.ErrorInfo`; undefined for a type that was not generated. */
export async function loadMessageType(typeName: string): Promise<MessageType | undefined> {
  const packageName = Object.keys(packages).find((name) => typeName.startsWith(`${name}.`));
  if (packageName === undefined) return undefined;
  // Nested types are exported as Outer_Inner.
  const exported = typeName.slice(packageName.length + 1).replaceAll(".", "_");
  const modules = (await packages[packageName]?.()) ?? [];
  const found = modules.find((module) => Object.hasOwn(module, exported))?.[exported];
  return isMessageType(found) ? found : undefined;
}

function isMessageType(value: unknown): value is MessageType {
  return typeof value === "object" && value !== null && "decode" in value;
}
