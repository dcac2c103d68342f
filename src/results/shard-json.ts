import { ShardError } from "../errors/index.ts";

/**
 * Parses the JSON of a shard.
 * @throws {@link ShardError} with the byte at which it breaks, where the parser tells it.
 */
export function parseShardJson(bytes: Uint8Array, uri: string): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ShardError("it is not UTF-8", { uri }, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw new ShardError(
      message,
      { uri, byteOffset: offsetOf(message, text, bytes) },
      { cause: error },
    );
  }
}

/** V8 tells the position in characters, in some of its messages. */
function offsetOf(message: string, text: string, bytes: Uint8Array): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    // A byte order mark is not part of the decoded text.
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    return mark + Buffer.byteLength(text.slice(0, Number(position)));
  }
  return message.startsWith("Unexpected end") ? bytes.length : undefined;
}
