import { loadMessageType } from "./message-types.ts";
import { typeNameOf, type AnyMessage } from "./status.ts";

/** A message that came in a `google.protobuf.Any`. */
export interface DecodedAny {
  /** The full name of its type, e.g. `google.cloud.vision.v1.OperationMetadata`. */
  readonly typeName: string;
  readonly message: object;
}

/** Decodes an Any by its type URL; undefined where there is none or its type is not known. */
export async function decodeAny(any: AnyMessage | undefined): Promise<DecodedAny | undefined> {
  if (any === undefined) return undefined;
  const typeName = typeNameOf(any.typeUrl);
  const type = await loadMessageType(typeName);
  return type === undefined ? undefined : { typeName, message: type.decode(any.value) };
}
