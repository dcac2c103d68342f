import { findJsonFault } from "./json-fault.ts";
import { ScanFault } from "./scan-fault.ts";
import { findUtf8Fault } from "./utf8-fault.ts";

const markBytes = 3;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses UTF-8 JSON; a byte order mark is left out.
 * @throws {@link ScanFault} with the byte at which it breaks.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = isMarked ? markBytes : 0;
  let text: string;
  try {
    text = decoder.decode(isMarked ? bytes.subarray(start) : bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw tooLong(error);
    throw new ScanFault("it is not UTF-8", start + findUtf8Fault(bytes.subarray(start)));
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as Error;
    throw new ScanFault(message, start + findJsonFault(bytes.subarray(start)));
  }
}

/** No string holds half a gigabyte: what is that large must be read in pieces. */
function tooLong(error: unknown): ScanFault {
  return new ScanFault((error as Error).message, 0);
}
