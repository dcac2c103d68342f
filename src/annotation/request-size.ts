import type { JsonCodec } from "../protocol/json-codec.ts";

const noBytes = new Uint8Array(0);
const contentMember = Buffer.byteLength('"content":"",');

/**
 * The bytes of a message as JSON, in which `content` stands as base64; it is not written for that.
 * `emptied` is the message without its content.
 */
export function jsonBytes(
  codec: JsonCodec,
  typeName: string,
  {
    emptied,
    content = noBytes,
  }: { readonly emptied: object; readonly content?: Uint8Array | undefined },
): number {
  const rest = Buffer.byteLength(JSON.stringify(codec.toJson(typeName, emptied)));
  return rest + (content.length === 0 ? 0 : contentMember + base64Bytes(content.length));
}

/** The length of so many bytes in base64. */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}
