import { apiVersions } from "./api-version.ts";
import { typeNameOf, type AnyMessage } from "./status.ts";

/** A message that came in a `google.protobuf.Any`. */
export interface DecodedAny {
  /** The full name of its type, e.g. `google.cloud.vision.v1.OperationMetadata`. */
  readonly typeName: string;
  readonly message: object;
}

/**
 * Decodes an Any by its type URL; undefined where there is none or its type is not known.
 * @throws where its bytes are no message of that type.
 */
export async function decodeAny(any: AnyMessage | undefined): Promise<DecodedAny | undefined> {
  if (any === undefined) return undefined;
  const typeName = typeNameOf(any.typeUrl);
  const message =
    any.value === undefined ? await unpack(typeName, any) : await decode(typeName, any.value);
  return message === undefined ? undefined : { typeName, message };
}

async function decode(typeName: string, bytes: Uint8Array): Promise<object | undefined> {
  const { loadMessageType } = await import("./message-types.ts");
  return (await loadMessageType(typeName))?.decode(bytes);
}

/** What came as JSON needs the JSON codec, which what came as bytes does not load. */
async function unpack(typeName: string, any: AnyMessage): Promise<object | undefined> {
  const { loadJsonCodec } = await import("./json-codec.ts");
  const version = apiVersions.find((each) => typeName.startsWith(`google.cloud.vision.${each}.`));
  return (await loadJsonCodec(version ?? "v1")).unpackAny(any);
}
