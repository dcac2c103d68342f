import { VisionBatchError } from "../../../errors/index.ts";
import type { Run, RunSnapshot } from "../../../runs/index.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { finishRun } from "../../finish-run.ts";
import { watchInterrupts } from "../../interrupts.ts";
import { createProgress } from "../../render/create-progress.ts";
import type { Progress } from "../../render/progress.ts";
import { runProgress } from "../../render/run-progress.ts";
import { runsCommand } from "../../run-commands.ts";
import { RunNotes } from "../../run-notes.ts";
import { openRunsOf, type RunsFlags } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";

/** `vision-batch runs watch`: shows how far a run has come until it is over; Ctrl-C ends the watching alone. */
export async function watchRun(id: string, flags: RunsFlags, streams: Streams): Promise<ExitCode> {
  await using session = await openRunsOf(id, flags);
  const startedMs = Date.now();
  const progress = createProgress(streams.stderr, flags.quiet);
  const left = new AbortController();
  using _interrupts = watchInterrupts({
    choose: () => Promise.resolve("leave"),
    onChoice: () => {
      left.abort(new Error("interrupted"));
    },
    leaveNow: () => process.exit(exitCodes.interrupted),
  });
  try {
    const { run } = session;
    const { signal } = left;
    const show = runsCommand(["show", id], flags);
    const snapshot = await watch(run, { progress, signal, show });
    progress.stop();
    if (snapshot.error !== undefined) say(streams, snapshot.error.message);
    const end = { snapshot, isOver: snapshot.state !== "failed" };
    const parts = { streams, progress, records: undefined, startedMs };
    return await finishRun(run, end, parts);
  } catch (error) {
    if (left.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
  }
}

async function watch(
  run: Run,
  options: { readonly progress: Progress; readonly signal: AbortSignal; readonly show: string },
): Promise<RunSnapshot> {
  const { progress, signal, show } = options;
  const notes = new RunNotes(run, progress, { sinceMs: Date.now(), show });
  let last: RunSnapshot | undefined;
  for await (const snapshot of run.progress({ signal })) {
    last = snapshot;
    await notes.tell();
    progress.update(runProgress(snapshot));
  }
  if (last === undefined) throw new VisionBatchError(`run ${run.id} was removed`);
  return last;
}
