import { collectResults } from "../collect-results.ts";
import { connect, type ServiceConnection } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts, type InterruptChoice } from "../interrupts.ts";
import { parseJobFlags, type JobFlags, type JobSettings } from "../job-flags.ts";
import type { Job } from "../job/job.ts";
import { askInterrupt } from "../render/ask-interrupt.ts";
import { jobProgress } from "../render/job-progress.ts";
import { leftRunning } from "../render/left-running.ts";
import { createProgress } from "../render/create-progress.ts";
import type { Progress } from "../render/progress.ts";
import { formatSummary } from "../render/summary.ts";
import { openOutput, type RecordOutput } from "../record-output.ts";
import type { Streams } from "../streams.ts";
import { prepareJob, type PreparedJob } from "./prepare-job.ts";

/** The options of `vision-batch annotate`. */
export interface AnnotateFlags extends JobFlags {
  readonly out?: string;
  /** What Ctrl-C does. Default: a terminal is asked, else `leave`. */
  readonly onInterrupt?: "leave" | "cancel";
}

/** `vision-batch annotate`: submits, waits, reads and writes one record for each input. */
export async function annotate(
  args: readonly string[],
  flags: AnnotateFlags,
  streams: Streams,
): Promise<ExitCode> {
  const settings = parseJobFlags(flags);
  await using connection = await connect(flags);
  // Awaited here, since the connection closes when the function returns.
  return await new AnnotateRun(flags, streams, connection).run(args, settings);
}

class AnnotateRun {
  readonly #flags: AnnotateFlags;
  readonly #streams: Streams;
  readonly #connection: ServiceConnection;
  readonly #progress: Progress;
  readonly #stopped = new AbortController();
  readonly #startedAt = Date.now();
  /** Closes the question about running operations once there is nothing left to decide. */
  readonly #decided = new AbortController();
  #prepared: PreparedJob | undefined;
  #interrupted: Exclude<InterruptChoice, "goOn"> | undefined;

  constructor(flags: AnnotateFlags, streams: Streams, connection: ServiceConnection) {
    this.#flags = flags;
    this.#streams = streams;
    this.#connection = connection;
    this.#progress = createProgress(streams.stderr, flags.quiet);
  }

  async run(args: readonly string[], settings: JobSettings): Promise<ExitCode> {
    using _interrupts = watchInterrupts({
      choose: () => this.#choose(),
      onChoice: (choice) => void this.#stop(choice),
      leaveNow: () => {
        this.#sayLeft();
        process.exit(exitCodes.interrupted);
      },
    });
    let output: RecordOutput | undefined;
    try {
      // Before anything is billed, since the records need a place to go.
      output = await openOutput(this.#flags.out, this.#streams.stdout);
      return await this.#annotate(args, settings, output);
    } catch (error) {
      // What was submitted is billed, so the way to its results is told.
      this.#sayLeft();
      if (this.#interrupted === undefined) throw error;
      return exitCodes.interrupted;
    } finally {
      this.#progress.stop();
      await output?.discard();
    }
  }

  async #annotate(
    args: readonly string[],
    settings: JobSettings,
    output: RecordOutput,
  ): Promise<ExitCode> {
    const { job } = (this.#prepared = await prepareJob({
      ...{
        args,
        settings,
        flags: this.#flags,
        connection: this.#connection,
        streams: this.#streams,
      },
      progress: this.#progress,
      signal: this.#stopped.signal,
      onChange: () => {
        this.#showJob();
      },
    }));
    await job.run();
    this.#decided.abort();
    if (job.running.length > 0 || this.#interrupted === "leave") {
      this.#sayLeft();
      return exitCodes.interrupted;
    }
    return this.#collect(this.#prepared, output);
  }

  async #collect({ job, inputs }: PreparedJob, output: RecordOutput): Promise<ExitCode> {
    // A bar would draw over records on the same screen.
    if (output.isTerminal) this.#progress.stop();
    const collected = await collectResults({
      store: await this.#connection.store(),
      sources: job.sources,
      version: this.#flags.apiVersion,
      output,
      givenOf: (index) => inputs[index]?.given,
      signal: this.#stopped.signal,
      total: inputs.length,
      onProgress: (state) => {
        this.#progress.update(state);
      },
    });
    this.#progress.stop();
    const facts = { operations: job.states, elapsedMs: Date.now() - this.#startedAt };
    this.#streams.stderr.write(formatSummary(collected.manifest, { ...collected, ...facts }));
    if (job.uncertain) this.#sayLeft();
    if (this.#interrupted !== undefined) return exitCodes.interrupted;
    if (job.serviceFailed) return exitCodes.serviceFailed;
    const { counts } = collected.manifest;
    return counts.succeeded === inputs.length ? exitCodes.done : exitCodes.inputsFailed;
  }

  async #choose(): Promise<InterruptChoice> {
    const { onInterrupt } = this.#flags;
    const { stdin, stderr } = this.#streams;
    const running = this.#job?.running.length ?? 0;
    const mayAsk = stdin.isTTY === true && stderr.isTTY === true;
    if (onInterrupt !== undefined || !mayAsk || running === 0) return onInterrupt ?? "leave";
    this.#progress.pause();
    try {
      return await askInterrupt(this.#streams, running, this.#decided.signal);
    } finally {
      this.#progress.resume();
    }
  }

  async #stop(choice: Exclude<InterruptChoice, "goOn">): Promise<void> {
    this.#interrupted = choice;
    const job = this.#job;
    // Before anything is submitted, and while results are read, there is nothing to cancel or leave.
    if (job === undefined || job.ended) this.#stopped.abort(new Error("interrupted"));
    else if (choice === "leave") job.leave();
    else await job.cancel();
  }

  get #job(): Job | undefined {
    return this.#prepared?.job;
  }

  #showJob(): void {
    if (this.#job !== undefined) this.#progress.update(jobProgress(this.#job));
  }

  #sayLeft(): void {
    this.#progress.stop();
    if (this.#prepared === undefined) return;
    const { embedded } = this.#connection;
    this.#streams.stderr.write(leftRunning(this.#prepared, embedded));
  }
}
