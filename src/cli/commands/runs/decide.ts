import { userInfo } from "node:os";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { runsCommand } from "../../run-commands.ts";
import { parseCount } from "../../run-flags.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";

/** The options of `vision-batch runs decide`. */
export interface DecideFlags extends RunsFlags {
  readonly by?: string;
}

/** `vision-batch runs decide`: decides on a chunk whose submit may have been accepted. */
export async function decideChunk(
  given: { readonly id: string; readonly chunk: string; readonly decision: "resubmit" | "fail" },
  flags: DecideFlags,
  streams: Streams,
): Promise<ExitCode> {
  const { id, decision } = given;
  const chunk = parseCount("CHUNK", given.chunk) ?? 0;
  await using session = await openRunsOf(id, flags);
  await session.runs.decide({ id, chunk }, decision, { by: flags.by ?? userInfo().username });
  say(
    streams,
    `chunk ${chunk} of run ${id}: ${decision}; done by who works on the run, else with:`,
  );
  say(streams, runsCommand(["resume", id], flags));
  return exitCodes.done;
}
