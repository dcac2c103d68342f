import { CommanderError } from "commander";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { describeError, exitCodeOf } from "./report-error.ts";
import type { Streams } from "./streams.ts";

/** Runs `vision-batch` with these arguments and gives its exit code; errors are told on stderr. */
export async function runCli(args: readonly string[], streams: Streams): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = createProgram({
    streams,
    onExitCode: (given) => {
      code = given;
    },
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    streams.stderr.write(describeError(error));
    return exitCodeOf(error);
  }
}
