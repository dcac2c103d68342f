import type { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { exitCodes } from "./exit-codes.ts";
import type { Streams } from "./streams.ts";

/** How long a reader of stdout may take for what is left of an interrupted command. */
const unreadMs = 1000;

/** Ends the process that was told to end, where what waits for a reader of stdout would keep it. */
export async function endUnread({
  stdout,
  stderr,
}: Pick<Streams, "stdout" | "stderr">): Promise<void> {
  if (stdout.writableLength === 0) return;
  const late = new AbortController();
  const isRead = await Promise.race([
    flushed(stdout).then(() => true),
    setTimeout(unreadMs, false, { signal: late.signal }),
  ]);
  late.abort();
  if (isRead) return;
  await flushed(stderr);
  process.exit(exitCodes.interrupted);
}

/** Resolves when all that was written was taken, or never will be. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => {
      resolve();
    });
  });
}
