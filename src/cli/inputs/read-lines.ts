import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UsageError } from "../usage-error.ts";

/**
 * The lines of a file, or of stdin for `-`, without those that are empty.
 * @throws {@link UsageError} when the file cannot be read.
 */
export async function readLines(path: string, stdin: Readable): Promise<readonly string[]> {
  const input = path === "-" ? stdin : createReadStream(path);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() !== "") lines.push(line);
    }
  } catch (error) {
    throw new UsageError(`cannot read the list ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return lines;
}
