import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { runsCommand } from "../../run-commands.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";

/** `vision-batch runs pause`: submits nothing more of a run, whoever works on it. */
export async function pauseRun(id: string, flags: RunsFlags, streams: Streams): Promise<ExitCode> {
  await using session = await openRunsOf(id, flags);
  await session.runs.pause(id);
  say(streams, `run ${id} is paused; what was submitted is still collected by who works on it`);
  say(streams, `go on with: ${runsCommand(["resume", id], flags)}`);
  return exitCodes.done;
}
