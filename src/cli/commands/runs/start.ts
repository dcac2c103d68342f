import type { Run } from "../../../runs/index.ts";
import { connect } from "../../connection.ts";
import type { ExitCode } from "../../exit-codes.ts";
import { finishRun } from "../../finish-run.ts";
import { gatherInputs } from "../../inputs/gather-inputs.ts";
import { parseJobFlags, type JobFlags, type JobSettings } from "../../job-flags.ts";
import { leaveRun } from "../../leave-run.ts";
import {
  parseChunkFlags,
  parseSettingFlags,
  type ChunkFlags,
  type SettingFlags,
} from "../../run-flags.ts";
import { RunRecords } from "../../run-records.ts";
import { openRunsOver, type RunsSession } from "../../runs-session.ts";
import { shownJournal } from "../../shown-journal.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage-error.ts";
import { withWork, type WorkFlags, type WorkParts } from "./work-on-run.ts";

/** The options of `vision-batch runs start`. */
export type StartFlags = JobFlags & ChunkFlags & SettingFlags & WorkFlags;

/** `vision-batch runs start`: plans a run and works on it to its end. */
export async function startRun(
  args: readonly string[],
  flags: StartFlags,
  streams: Streams,
): Promise<ExitCode> {
  if (flags.emulator === true) {
    throw new UsageError(
      "runs have no --emulator: their operations would end with this process; use annotate, or start `vision-batch emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP",
    );
  }
  const settings = parseJobFlags(flags);
  const request = { ...parseSettingFlags(flags), ...parseChunkFlags(flags) };
  await using connection = await connect(flags);
  const id = settings.runId;
  const call = { id, flags, streams };
  return await withWork(call, async (parts) => {
    const { work, progress } = parts;
    const { signal } = work;
    const inputs = await gatherInputs({
      ...{ args, flags, streams, progress, signal, store: await connection.store() },
      // In the folder of the run, so that it can be deleted with it.
      output: `${settings.options.output}${id}/`,
    });
    await using session = await openRunsOver(connection, flags);
    const run = await start(
      { session, settings, parts },
      { ...request, inputs, scope: flags.project },
    );
    progress.note(`run ${id} in ${shownJournal(flags.journal)}`);
    if (flags.work === false) return await leaveRun(run, { streams, ...parts });
    using records = await RunRecords.begin(run, { ...parts, streams, signal });
    const end = await work.follow(session.runs, run);
    return await finishRun(run, end, { streams, ...parts, records });
  });
}

interface Starting {
  readonly session: RunsSession;
  readonly settings: JobSettings;
  readonly parts: WorkParts;
}

async function start(
  { session, settings, parts }: Starting,
  request: Omit<Parameters<RunsSession["runs"]["start"]>[0], "id" | "features" | "output">,
): Promise<Run> {
  const { runs } = session;
  const { runId: id, options } = settings;
  const { signal } = parts.work;
  const isNew = (await runs.get(id)) === undefined;
  try {
    return await runs.start({ ...options, ...request, id, signal });
  } catch (error) {
    const isPlanning = (await runs.get(id))?.state === "planning";
    // What was typed wrongly is typed anew, and then it is another run.
    if (isNew && isPlanning && error instanceof UsageError) await runs.remove(id);
    else if (isPlanning) parts.progress.note(planHint(id));
    throw error;
  }
}

function planHint(id: string): string {
  return `run ${id} is not planned to its end: go on by the same command with --run-id ${id}`;
}
