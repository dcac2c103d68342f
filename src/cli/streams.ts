import type { Readable, Writable } from "node:stream";

/** The standard streams of the process. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/** What stdout does with an error of its own. A reader that left, as `| head` does, is no failure. */
export function endWithReader({ code }: NodeJS.ErrnoException): void {
  process.exit(code === "EPIPE" ? 0 : 3);
}
