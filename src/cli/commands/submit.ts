import { connect, type ServiceConnection } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { gatherInputs } from "../inputs/gather-inputs.ts";
import { KeptLines } from "../kept-lines.ts";
import { parseJobFlags, type JobFlags, type JobSettings } from "../job-flags.ts";
import { createProgress } from "../render/create-progress.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Progress } from "../render/progress.ts";
import { say } from "../say.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";
import { planSubmits, sendSubmits, type SubmitChunk } from "../submit-chunks.ts";

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
  #chunks: readonly SubmitChunk[] = [];

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
      },
      leaveNow: () => {
        for (const chunk of this.#chunks) printRefusal(chunk, streams);
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
    const { args, flags, settings, streams, connection, progress } = this.#context;
    const { signal } = this.#stopped;
    const readerLeft = new AbortController();
    // No more is submitted that would be billed with nobody there to hear of it.
    using tokens = new KeptLines(streams, () => {
      readerLeft.abort();
    });
    const inputs = await gatherInputs({
      ...{ args, flags, streams, progress, signal, output: settings.options.output },
      store: await connection.store(),
    });
    const { client } = connection;
    this.#chunks = await planSubmits(inputs, settings, { version: client.version, signal });
    // A bar would draw over tokens on the same screen.
    progress.stop();
    await sendSubmits(this.#chunks, client, {
      signal: AbortSignal.any([signal, readerLeft.signal]),
      // Told at once: what is accepted is billed, and must not be forgotten if this process ends.
      onAccepted: (chunk) => {
        tokens.write(tokenOf(chunk));
      },
    });
    const areTold = await tokens.areOut();
    for (const chunk of this.#chunks) printRefusal(chunk, streams);
    if (signal.aborted) return exitCodes.interrupted;
    const areAccepted = this.#chunks.every(({ state }) => state === "accepted");
    return areTold && areAccepted ? exitCodes.done : exitCodes.serviceFailed;
  }
}

function tokenOf({ handle, prefix, inputs }: SubmitChunk): string {
  return toSafeJson({ ...handle?.toJSON(), output: prefix, inputs });
}

/** Says what became of a request for which no token was printed. */
function printRefusal({ inputs, prefix, error, state }: SubmitChunk, streams: Streams): void {
  if (state === "accepted") return;
  const words = state === "planned" ? "not submitted" : state;
  const reason = error === undefined ? "" : `: ${error.message}`;
  say(streams, `${words}: ${inputs} inputs for ${prefix}${reason}`);
}
