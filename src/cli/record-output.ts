import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { UsageError } from "./usage-error.ts";

/** Where records are written. */
export interface RecordOutput {
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  /** Ends the writing; a file appears now, complete. */
  readonly commit: () => Promise<void>;
  /** Ends the writing and leaves no file. */
  readonly discard: () => Promise<void>;
}

/** Opens the output: stdout, or a file that appears only when it is complete. @throws {@link UsageError} */
export async function openOutput(
  path: string | undefined,
  stdout: Writable,
): Promise<RecordOutput> {
  if (path === undefined) return streamOutput(stdout);
  const draft = `${path}.${process.pid}.part`;
  const file = createWriteStream(draft, { flags: "wx" });
  try {
    await once(file, "open");
  } catch (error) {
    throw new UsageError(`--out ${path}: ${(error as Error).message}`, { cause: error });
  }
  return {
    ...streamOutput(file),
    commit: async () => {
      file.end();
      await finished(file);
      await rename(draft, path);
    },
    discard: async () => {
      file.destroy();
      await rm(draft, { force: true });
    },
  };
}

function streamOutput(stream: Writable): RecordOutput {
  return {
    write: async (text) => {
      if (!stream.write(text)) await once(stream, "drain");
    },
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}
