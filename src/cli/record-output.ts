import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { removeAtExit } from "./remove-at-exit.ts";
import type { Streams } from "./streams.ts";
import { OutputError, UsageError } from "./usage-error.ts";

/** Where records are written. */
export interface RecordOutput {
  /** Whether it is a screen, which progress would share. */
  readonly isTerminal: boolean;
  /** Resolves when more may be written. @throws {@link OutputError} when it cannot be. */
  readonly write: (content: string | Uint8Array) => Promise<void>;
  /** Ends the writing; a file appears now, complete. */
  readonly commit: () => Promise<void>;
  /** Ends the writing and leaves no file; after a commit it does nothing. */
  readonly discard: () => Promise<void>;
}

/** Opens the output: stdout, or a file that appears only when it is complete. @throws {@link UsageError} */
export async function openOutput(
  path: string | undefined,
  stdout: Streams["stdout"],
): Promise<RecordOutput> {
  if (path === undefined) return streamOutput(stdout);
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder) throw new UsageError(`--out ${path}: it is a folder; name a file in it`);
  const draft = `${path}.${process.pid}.part`;
  const file = createWriteStream(draft, { flags: "wx" });
  try {
    await once(file, "open");
  } catch (error) {
    throw new UsageError(messageOf(path, error), { cause: error });
  }
  return fileOutput(file, { path, draft });
}

function fileOutput(
  file: WriteStream,
  { path, draft }: { readonly path: string; readonly draft: string },
): RecordOutput {
  const leftover = removeAtExit(draft);
  // A full disk may be told of while nobody waits for the file.
  file.on("error", () => undefined);
  const { write } = streamOutput(file);
  const orFailure = (error: unknown): never => {
    throw new OutputError(messageOf(path, file.errored ?? error), { cause: error });
  };
  return {
    isTerminal: false,
    write: async (content) => {
      if (file.errored !== null) orFailure(file.errored);
      await write(content).catch(orFailure);
    },
    commit: async () => {
      file.end();
      await finished(file).catch(orFailure);
      await rename(draft, path).catch(orFailure);
    },
    discard: async () => {
      file.destroy();
      await rm(draft, { force: true });
      leftover[Symbol.dispose]();
    },
  };
}

function messageOf(path: string, error: unknown): string {
  return `--out ${path}: ${(error as Error).message}`;
}

function streamOutput(stream: Streams["stdout"]): RecordOutput {
  return {
    isTerminal: stream.isTTY === true,
    write: async (content) => {
      if (!stream.write(content)) await once(stream, "drain");
    },
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}
