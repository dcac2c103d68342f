import type { ExitCode } from "./exit-codes.ts";
import type { Streams } from "./streams.ts";

/** Where a program takes its streams from and gives its exit code to. */
export interface ProgramHost {
  readonly streams: Streams;
  readonly onExitCode: (code: ExitCode) => void;
}
