import { versionOfType } from "./method-table.ts";
import { typeNameOf, type AnyMessage } from "./status.ts";

/** A message that came in a `google.protobuf.Any`. */
export interface DecodedAny {
  /** The full name of its type, e.g. `google.cloud.vision.v1.OperationMetadata`. */
  readonly typeName: string;
  readonly message: object;
}

/**
 * Decodes an Any by its type URL; undefined where there is none or its type is not known. What a
 * version has over REST and not in its protos is read by the message of that name in v1.
 * @throws where its bytes are no message of that type.
 */
export async function decodeAny(any: AnyMessage | undefined): Promise<DecodedAny | undefined> {
  if (any === undefined) return undefined;
  const typeName = typeNameOf(any.typeUrl);
  const read = any.value === undefined ? unpack : decode;
  const message = (await read(typeName, any)) ?? (await read(nameInV1(typeName), any));
  return message === undefined ? undefined : { typeName, message };
}

async function decode(typeName: string, { value }: AnyMessage): Promise<object | undefined> {
  const { loadMessageType } = await import("./message-types.ts");
  return value === undefined ? undefined : (await loadMessageType(typeName))?.decode(value);
}

/** What came as JSON needs the JSON codec, which what came as bytes does not load. */
async function unpack(typeName: string, any: AnyMessage): Promise<object | undefined> {
  const { loadJsonCodec } = await import("./json-codec.ts");
  const codec = await loadJsonCodec(versionOfType(typeName) ?? "v1");
  return codec.knows(typeName) ? codec.unpackAny(await asType(typeName, any)) : undefined;
}

/** The Any as if its JSON named this type. */
async function asType(typeName: string, any: AnyMessage): Promise<AnyMessage> {
  const { jsonOfAny } = await import("./json/any-json.ts");
  const typeUrl = `type.googleapis.com/${typeName}`;
  const { [jsonOfAny]: json } = any as { readonly [jsonOfAny]?: object };
  return { ...any, typeUrl, ...(json && { [jsonOfAny]: { ...json, "@type": typeUrl } }) };
}

function nameInV1(typeName: string): string {
  const version = versionOfType(typeName);
  return version === undefined ? typeName : typeName.replace(`.${version}.`, ".v1.");
}
