import type { Run } from "../../../runs/index.ts";
import { UsageError } from "../../usage-error.ts";
import type { ExitCode } from "../../exit-codes.ts";
import { finishRun, type FinishHints } from "../../finish-run.ts";
import { openOutput, type RecordOutput } from "../../record-output.ts";
import { createProgress } from "../../render/create-progress.ts";
import { checkLeaving, leaveRun } from "../../leave-run.ts";
import type { LeftHints } from "../../render/left-run.ts";
import type { Progress } from "../../render/progress.ts";
import { runsCommand } from "../../run-commands.ts";
import { RunRecords } from "../../run-records.ts";
import { RunWork, type RunEnd } from "../../run-work.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf, type RunsSession } from "../../runs-session.ts";
import type { Streams } from "../../streams.ts";
import { removeJournal } from "../../temporary-journal.ts";

/** The options of commands that work on a run. */
export interface WorkFlags extends RunsFlags {
  /** A file for the records, `-` for stdout. Default: none are written. */
  readonly out?: string;
  readonly removeJournal?: boolean;
}

/** A command that works on a run, as it was called. */
export interface WorkCall {
  readonly id: string;
  readonly flags: WorkFlags;
  readonly streams: Streams;
}

/** What a command that works on a run has at hand. */
export interface WorkParts {
  readonly work: RunWork;
  readonly progress: Progress;
  readonly output: RecordOutput | undefined;
  readonly startedMs: number;
  readonly hints: RunHints;
}

/** Commands that are proposed for a run. */
export type RunHints = LeftHints & FinishHints & { readonly watch: string };

/** Does what works on a run, with its output opened first and a place in it for Ctrl-C. */
export async function withWork(
  { id, flags, streams }: WorkCall,
  act: (parts: WorkParts) => Promise<ExitCode>,
): Promise<ExitCode> {
  checkLeaving(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  const hints = hintsOf(id, flags);
  using work = new RunWork({ streams, progress, onInterrupt: "leave", hints });
  return await work.guard(async () => {
    const output = await openRecords(flags.out, streams);
    try {
      return await act({ work, progress, output, hints, startedMs: Date.now() });
    } finally {
      await output?.discard();
    }
  });
}

/** Works on a run that is there: `begin` makes these runs work on it. */
export async function workOnRun(
  call: WorkCall,
  begin: (session: RunsSession, parts: WorkParts) => Promise<Run>,
  toCode: (code: ExitCode, end: RunEnd) => ExitCode = (code) => code,
): Promise<ExitCode> {
  const { id, flags, streams } = call;
  if (flags.removeJournal === true) refuseToRemove(flags.journal);
  const journal = { isRemovable: false };
  const code = await withWork(call, async (parts) => {
    await using session = await openRunsOf(id, flags);
    refusePlanning(session.run);
    const run = await begin(session, parts);
    if (flags.work === false) return await leaveRun(run, { streams, ...parts });
    const { work } = parts;
    using records = await RunRecords.begin(run, { ...parts, streams, signal: work.signal });
    const end = await work.follow(session.runs, run);
    const told = toCode(await finishRun(run, end, { streams, ...parts, records }), end);
    if (end.isOver && flags.removeJournal === true && records?.isReaderGone !== true) {
      await session.runs.remove(id);
      // Whatever else is in it is nobody's to remove.
      const { done } = await session.runs.list().next();
      journal.isRemovable = done === true;
    }
    return told;
  });
  if (journal.isRemovable) await removeJournal(flags.journal);
  return code;
}

function refuseToRemove(journal: string): void {
  if (journal.startsWith("sqlite:")) return;
  throw new UsageError("--remove-journal deletes a file: a journal that is none stays");
}

function refusePlanning({ id, state }: Run): void {
  if (state !== "planning") return;
  throw new UsageError(
    `run ${id} was interrupted while it was planned, and nothing of it was submitted: go on by \`runs start\` with the same inputs and options and --run-id ${id}`,
  );
}

function openRecords(
  out: string | undefined,
  { stdout }: Streams,
): Promise<RecordOutput | undefined> {
  if (out === undefined) return Promise.resolve(undefined);
  return openOutput(out === "-" ? undefined : out, stdout);
}

/** The commands that go on with a run. */
export function hintsOf(id: string, flags: WorkFlags): RunHints {
  const more = [
    ...(flags.out === undefined ? [] : ["--out", flags.out]),
    ...(flags.removeJournal === true ? ["--remove-journal"] : []),
  ];
  return {
    goOn: runsCommand(["resume", id], flags, more),
    show: runsCommand(["show", id], flags),
    watch: runsCommand(["watch", id], flags),
    results: runsCommand(["results", id], flags),
    retry: runsCommand(["retry", id], flags),
    decide: (chunk) => runsCommand(["decide", id, String(chunk), "resubmit"], flags),
    embedded: false,
  };
}
