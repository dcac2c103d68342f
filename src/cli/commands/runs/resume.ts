import type { ExitCode } from "../../exit-codes.ts";
import { parseSettingFlags, type SettingFlags } from "../../run-flags.ts";
import type { Streams } from "../../streams.ts";
import { workOnRun, type WorkFlags } from "./work-on-run.ts";

/** The options of `vision-batch runs resume`. */
export interface ResumeFlags extends WorkFlags, SettingFlags {}

/** `vision-batch runs resume`: goes on with a run, whatever ended the process that worked on it. */
export function resumeRun(id: string, flags: ResumeFlags, streams: Streams): Promise<ExitCode> {
  const settings = parseSettingFlags(flags);
  return workOnRun({ id, flags, streams }, ({ runs }) => runs.resume(id, settings));
}
