import { connect, type ServiceConnection } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { KeptLines } from "../kept-lines.ts";
import { parseJobFlags, type JobFlags, type JobSettings } from "../job-flags.ts";
import type { ChunkRun } from "../job/chunk-run.ts";
import type { Job } from "../job/job.ts";
import { createProgress } from "../render/create-progress.ts";
import { escapeForTerminal, toSafeJson } from "../render/escape.ts";
import type { Progress } from "../render/progress.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";
import { prepareJob } from "./prepare-job.ts";

/** `vision-batch submit`: submits and prints a token for each operation, without waiting. */
export async function submit(
  args: readonly string[],
  flags: JobFlags,
  streams: Streams,
): Promise<ExitCode> {
  if (flags.emulator === true) {
    throw new UsageError(
      "submit has no --emulator: its operations would end with this process; use annotate, or start `vision-batch emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP",
    );
  }
  const settings = parseJobFlags(flags);
  await using connection = await connect(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  try {
    return await new SubmitRun({ args, flags, settings, streams, connection, progress }).run();
  } finally {
    progress.stop();
  }
}

interface SubmitContext {
  readonly args: readonly string[];
  readonly flags: JobFlags;
  readonly settings: JobSettings;
  readonly streams: Streams;
  readonly connection: ServiceConnection;
  readonly progress: Progress;
}

class SubmitRun {
  readonly #context: SubmitContext;
  readonly #stopped = new AbortController();
  #job: Job | undefined;

  constructor(context: SubmitContext) {
    this.#context = context;
  }

  /** An interrupt stops further submits; those under way may be accepted, so they are waited for. */
  async run(): Promise<ExitCode> {
    const { streams } = this.#context;
    using _interrupts = watchInterrupts({
      choose: () => Promise.resolve("leave"),
      onChoice: () => {
        this.#stopped.abort(new Error("interrupted"));
        this.#job?.leave();
      },
      leaveNow: () => {
        for (const run of this.#job?.chunks ?? []) printRefusal(run, streams);
        process.exit(exitCodes.interrupted);
      },
    });
    try {
      return await this.#submit();
    } catch (error) {
      if (this.#stopped.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
  }

  async #submit(): Promise<ExitCode> {
    const { streams, ...context } = this.#context;
    const { signal } = this.#stopped;
    // No more is submitted that would be billed with nobody there to hear of it.
    using tokens = new KeptLines(streams, () => this.#job?.leave());
    // Told at once: what is accepted is billed, and must not be forgotten if this process ends.
    const onChange = (run: ChunkRun): void => {
      if (run.state === "running") tokens.write(tokenOf(run));
    };
    const { job } = await prepareJob({ ...context, streams, signal, onChange });
    this.#job = job;
    // A bar would draw over tokens on the same screen.
    this.#context.progress.stop();
    await job.submit();
    const areTold = await tokens.areOut();
    for (const run of job.chunks) printRefusal(run, streams);
    if (signal.aborted) return exitCodes.interrupted;
    const areAccepted = job.chunks.every(({ state }) => state === "running");
    return areTold && areAccepted ? exitCodes.done : exitCodes.serviceFailed;
  }
}

function tokenOf({ chunk, handle, prefix }: ChunkRun): string {
  const extra = { output: prefix, inputs: chunk.inputs.length };
  return toSafeJson({ ...handle?.toJSON(), ...extra });
}

/** Says what became of a chunk for which no token was printed. */
function printRefusal({ chunk, prefix, error, state }: ChunkRun, { stderr }: Streams): void {
  if (state === "running") return;
  const words = state === "planned" ? "not submitted" : state;
  const reason = error === undefined ? "" : `: ${error.message}`;
  const line = `${words}: ${chunk.inputs.length} inputs for ${prefix}${reason}`;
  stderr.write(`${escapeForTerminal(line)}\n`);
}
