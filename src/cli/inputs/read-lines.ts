import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UsageError } from "../usage-error.ts";

/**
 * The lines of a file, or of stdin for `-`, as they come, without those that are empty.
 * @throws {@link UsageError} when the file cannot be read.
 */
export async function* readLines(
  path: string,
  stdin: Readable,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const input = path === "-" ? stdin : createReadStream(path);
  const options = { input, crlfDelay: Number.POSITIVE_INFINITY, signal };
  try {
    for await (const line of createInterface(options)) {
      if (line.trim() !== "") yield line;
    }
  } catch (error) {
    throw new UsageError(`cannot read the list ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  // An abort ends the lines as if there were no more.
  signal?.throwIfAborted();
}
