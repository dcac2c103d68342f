import type { Readable, Writable } from "node:stream";

/** What the script has to do with the process around it. */
export interface LiveIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly columns?: number };
  readonly stderr: Writable;
  readonly environment: NodeJS.ProcessEnv;
  /** Stops the questions; the report is written and the bucket cleaned up all the same. */
  readonly signal: AbortSignal;
}
