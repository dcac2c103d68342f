import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import type { Streams } from "../../streams.ts";
import { workOnRun, type WorkFlags } from "./work-on-run.ts";

/** `vision-batch runs cancel`: submits nothing more of a run, and sees to the end of what was submitted. */
export function cancelRun(id: string, flags: WorkFlags, streams: Streams): Promise<ExitCode> {
  return workOnRun(
    { id, flags, streams },
    ({ runs }) => runs.cancel(id),
    (code, { snapshot }) => (snapshot.state === "cancelled" ? exitCodes.done : code),
  );
}
