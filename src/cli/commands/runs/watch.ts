import { VisionBatchError } from "../../../errors/index.ts";
import type { Run, RunSnapshot } from "../../../runs/index.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { finishRun } from "../../finish-run.ts";
import { leaveOnInterrupt } from "../../interrupts.ts";
import { createProgress } from "../../render/create-progress.ts";
import type { Progress } from "../../render/progress.ts";
import type { LeftHints } from "../../render/left-run.ts";
import { runProgress } from "../../render/run-progress.ts";
import { IdleWatch } from "../../render/run-workers.ts";
import { RunNotes } from "../../run-notes.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";
import { hintsOf } from "./work-on-run.ts";

/** `vision-batch runs watch`: shows how far a run has come until it is over; Ctrl-C ends the watching alone. */
export async function watchRun(id: string, flags: RunsFlags, streams: Streams): Promise<ExitCode> {
  await using session = await openRunsOf(id, flags);
  const startedMs = Date.now();
  const progress = createProgress(streams.stderr, flags.quiet);
  using leaving = leaveOnInterrupt();
  try {
    const { run } = session;
    const { signal } = leaving;
    const hints = hintsOf(id, flags);
    const snapshot = await watch(run, { progress, signal, hints });
    progress.stop();
    if (snapshot.error !== undefined) say(streams, snapshot.error.message);
    const end = { snapshot, isOver: snapshot.state !== "failed" };
    const parts = { streams, progress, records: undefined, startedMs, hints };
    return await finishRun(run, end, parts);
  } catch (error) {
    if (leaving.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
  }
}

async function watch(
  run: Run,
  options: {
    readonly progress: Progress;
    readonly signal: AbortSignal;
    readonly hints: LeftHints;
  },
): Promise<RunSnapshot> {
  const { progress, signal, hints } = options;
  const notes = new RunNotes(run, progress, { sinceMs: Date.now(), show: hints.show });
  const idle = new IdleWatch();
  let last: RunSnapshot | undefined;
  for await (const snapshot of run.progress({ signal })) {
    last = snapshot;
    await notes.tell();
    const idleNote = idle.look(snapshot, hints);
    if (idleNote !== undefined) progress.note(idleNote);
    progress.update(runProgress(snapshot));
  }
  if (last === undefined) throw new VisionBatchError(`run ${run.id} was removed`);
  return last;
}
