import { connect, type ServiceConnection } from "../connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { finishRun } from "../finish-run.ts";
import { gatherInputs } from "../inputs/gather-inputs.ts";
import { parseJobFlags, type JobFlags, type JobSettings } from "../job-flags.ts";
import { openOutput, type RecordOutput } from "../record-output.ts";
import { createProgress } from "../render/create-progress.ts";
import type { LeftHints } from "../render/left-run.ts";
import type { Progress } from "../render/progress.ts";
import { runsCommand } from "../run-commands.ts";
import { parseSettingFlags, type SettingFlags } from "../run-flags.ts";
import { RunRecords } from "../run-records.ts";
import { RunWork } from "../run-work.ts";
import { openRunsOver, type RunsSession } from "../runs-session.ts";
import { say } from "../say.ts";
import type { Streams } from "../streams.ts";
import { TemporaryJournal } from "../temporary-journal.ts";

/** The options of `vision-batch annotate`. */
export interface AnnotateFlags extends JobFlags, SettingFlags {
  readonly out?: string;
  /** Seconds. */
  readonly lease?: string;
  /** What Ctrl-C does. Default: a terminal is asked, else `leave`. */
  readonly onInterrupt?: "leave" | "cancel";
}

/** `vision-batch annotate`: a run with a journal of its own, which is removed when the records are written. */
export async function annotate(
  args: readonly string[],
  flags: AnnotateFlags,
  streams: Streams,
): Promise<ExitCode> {
  const settings = parseJobFlags(flags);
  const changeable = parseSettingFlags(flags);
  await using connection = await connect(flags);
  const journal = connection.embedded
    ? TemporaryJournal.inMemory()
    : await TemporaryJournal.forRun(settings.runId);
  const progress = createProgress(streams.stderr, flags.quiet);
  const hints = hintsOf({ flags, settings, journal, connection });
  using work = new RunWork({ streams, progress, onInterrupt: flags.onInterrupt ?? "ask", hints });
  const command = { args, flags, settings, changeable, streams, connection, journal };
  return await work.guard(() => new AnnotateRun({ ...command, progress, hints, work }).run());
}

interface AnnotateParts {
  readonly args: readonly string[];
  readonly flags: AnnotateFlags;
  readonly settings: JobSettings;
  readonly changeable: ReturnType<typeof parseSettingFlags>;
  readonly streams: Streams;
  readonly connection: ServiceConnection;
  readonly journal: TemporaryJournal;
  readonly progress: Progress;
  readonly hints: LeftHints;
  readonly work: RunWork;
}

class AnnotateRun {
  readonly #parts: AnnotateParts;
  readonly #startedMs = Date.now();
  #isRemovable = true;

  constructor(parts: AnnotateParts) {
    this.#parts = parts;
  }

  async run(): Promise<ExitCode> {
    const { flags, streams, journal } = this.#parts;
    // Before anything is billed, since the records need a place to go.
    const output = await openOutput(flags.out, streams.stdout);
    try {
      return await this.#annotate(output);
    } finally {
      if (this.#isRemovable) await journal.remove();
      await output.discard();
    }
  }

  async #annotate(output: RecordOutput): Promise<ExitCode> {
    const { args, flags, settings, connection, streams, progress, work, journal } = this.#parts;
    const inputs = await gatherInputs({
      ...{ args, flags, streams, progress, signal: work.signal },
      ...{ store: await connection.store(), output: settings.options.output },
    });
    this.#isRemovable = false;
    await using session = await openRunsOver(connection, { ...flags, journal: journal.url });
    try {
      return await this.#work(session, inputs, output);
    } finally {
      await this.#settle(session);
    }
  }

  async #work(
    session: RunsSession,
    inputs: Awaited<ReturnType<typeof gatherInputs>>,
    output: RecordOutput,
  ): Promise<ExitCode> {
    const { settings, changeable, flags, streams, progress, work, hints, journal } = this.#parts;
    const run = await session.runs.start({
      ...{ ...settings.options, ...changeable, id: settings.runId, inputs },
      ...{ scope: flags.project, signal: work.signal },
    });
    journal.keep();
    if (!hints.embedded && flags.quiet !== true) progress.note(cutOffNote(journal, hints));
    const { signal } = work;
    using records = await RunRecords.begin(run, { output, streams, progress, signal });
    const end = await work.follow(session.runs, run);
    const finish = { streams, progress, records, startedMs: this.#startedMs };
    try {
      const code = await finishRun(run, end, finish);
      if (records?.isReaderGone === true) this.#sayWhere();
      return code;
    } catch (error) {
      this.#sayWhere();
      throw error;
    }
  }

  /** A run that was never planned, or is over, leaves nothing in its journal to go on with. */
  async #settle({ runs }: RunsSession): Promise<void> {
    try {
      const run = await runs.get(this.#parts.settings.runId);
      const state = run?.state ?? "planning";
      this.#isRemovable = state === "planning" || state === "done" || state === "cancelled";
    } catch {
      // What went wrong with the journal before says more.
    }
  }

  /** What was annotated is billed, so the way to its results is told. */
  #sayWhere(): void {
    const { settings, streams, progress, hints } = this.#parts;
    progress.stop();
    if (hints.embedded) return;
    say(streams, `read results with: ${resultsCommand(settings)}`);
  }
}

function cutOffNote({ outlives }: TemporaryJournal, { goOn }: LeftHints): string {
  return outlives
    ? `if this is cut off, go on with: ${goOn}`
    : "this cannot go on after it is cut off: Node 22.23, 24.15 and later can keep its place";
}

function hintsOf({
  flags,
  settings,
  journal,
  connection,
}: Pick<AnnotateParts, "flags" | "settings" | "journal" | "connection">): LeftHints {
  const { runId } = settings;
  const told = { ...flags, journal: journal.url };
  const out = ["--out", flags.out ?? "-", "--remove-journal"];
  return {
    goOn: journal.outlives ? runsCommand(["resume", runId], told, out) : resultsCommand(settings),
    show: runsCommand(["show", runId], told),
    decide: (chunk) => runsCommand(["decide", runId, String(chunk), "resubmit"], told),
    embedded: connection.embedded,
  };
}

/** Reads what stands in the bucket, with or without a journal. */
function resultsCommand({ options, runId }: JobSettings): string {
  return `vision-batch results ${options.output}${runId}/`;
}
