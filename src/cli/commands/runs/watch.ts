import { once } from "node:events";
import type { Dashboard } from "../../../dashboard/index.ts";
import { VisionBatchError } from "../../../errors/index.ts";
import type { Run, RunSnapshot } from "../../../runs/index.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { finishRun } from "../../finish-run.ts";
import { leaveOnInterrupt } from "../../interrupts.ts";
import { parsePort, type DashboardFlag } from "../../dashboard-flag.ts";
import { createProgress } from "../../render/create-progress.ts";
import type { Progress } from "../../render/progress.ts";
import type { LeftHints } from "../../render/left-run.ts";
import { runProgress } from "../../render/run-progress.ts";
import { IdleWatch } from "../../render/run-workers.ts";
import { RunNotes } from "../../run-notes.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf, type RunsSession } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";
import { hintsOf } from "./work-on-run.ts";

/** The options of `vision-batch runs watch`. */
export interface WatchFlags extends RunsFlags {
  /** A port, or `true` for a free one: serves the dashboard there until Ctrl-C. */
  readonly web?: string | true;
}

/** `vision-batch runs watch`: shows how far a run has come until it is over; Ctrl-C ends the watching alone. */
export async function watchRun(id: string, flags: WatchFlags, streams: Streams): Promise<ExitCode> {
  if (flags.web !== undefined) parsePort(toDashboardFlag(flags.web));
  // What is done from the page is done by who works on the run.
  await using session = await openRunsOf(id, { ...flags, work: false });
  await using dashboard = await serveDashboard(session, flags);
  const startedMs = Date.now();
  const progress = createProgress(streams.stderr, flags.quiet);
  using leaving = leaveOnInterrupt();
  try {
    const { run } = session;
    const { signal } = leaving;
    if (dashboard !== undefined) {
      say(streams, `dashboard: ${dashboard.url}#/runs/${encodeURIComponent(id)}`);
    }
    const hints = hintsOf(id, flags);
    const snapshot = await watch(run, { progress, signal, hints });
    progress.stop();
    if (snapshot.error !== undefined) say(streams, snapshot.error.message);
    const end = { snapshot, isOver: snapshot.state !== "failed" };
    const parts = { streams, progress, records: undefined, startedMs, hints };
    const code = await finishRun(run, end, parts);
    if (dashboard === undefined) return code;
    say(streams, "the dashboard goes on until Ctrl-C");
    await untilAborted(signal);
    return code;
  } catch (error) {
    if (leaving.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
  }
}

function toDashboardFlag(given: string | true): DashboardFlag {
  return { flag: "--web", given };
}

async function serveDashboard(
  { runs }: Pick<RunsSession, "runs">,
  { web, journal }: WatchFlags,
): Promise<Dashboard | undefined> {
  if (web === undefined) return undefined;
  const { openDashboard } = await import("../../open-dashboard.ts");
  return openDashboard(toDashboardFlag(web), { runs, journal });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
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
