import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";

/** The options of `vision-batch runs remove`. */
export interface RemoveFlags extends RunsFlags {
  readonly objects?: boolean;
}

/** `vision-batch runs remove`: forgets a run, and with `--objects` deletes what stands in its folder. */
export async function removeRun(
  id: string,
  flags: RemoveFlags,
  streams: Streams,
): Promise<ExitCode> {
  await using session = await openRunsOf(id, flags);
  const { objects } = await session.runs.remove(id, { objects: flags.objects ?? false });
  say(
    streams,
    `run ${id} is forgotten${objects > 0 ? `, and ${objects} objects are deleted` : ""}`,
  );
  return exitCodes.done;
}
