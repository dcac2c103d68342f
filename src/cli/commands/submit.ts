import { connect } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { parseJobFlags, type JobFlags } from "../job-flags.ts";
import type { ChunkRun } from "../job/chunk-run.ts";
import { escapeForTerminal, toSafeJson } from "../render/escape.ts";
import { createProgress } from "../render/create-progress.ts";
import type { Streams } from "../streams.ts";
import { prepareJob } from "./prepare-job.ts";

/** `vision-batch submit`: submits and prints a token for each operation, without waiting. */
export async function submit(
  args: readonly string[],
  flags: JobFlags,
  streams: Streams,
): Promise<ExitCode> {
  const settings = parseJobFlags(flags);
  await using connection = await connect(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  try {
    const { signal } = new AbortController();
    // Told at once: what is accepted is billed, and must not be forgotten if this process ends.
    const onChange = (run: ChunkRun): void => {
      if (run.state === "running") printToken(run, streams);
    };
    const options = { args, flags, settings, connection, streams, progress, signal, onChange };
    const { job } = await prepareJob(options);
    await job.submit();
    const refused = job.chunks.filter(({ state }) => state !== "running");
    for (const run of refused) printRefusal(run, streams);
    return refused.length === 0 ? exitCodes.done : exitCodes.serviceFailed;
  } finally {
    progress.stop();
  }
}

function printToken({ chunk, handle, prefix }: ChunkRun, { stdout }: Streams): void {
  const extra = { output: prefix, inputs: chunk.inputs.length };
  stdout.write(`${toSafeJson({ ...handle?.toJSON(), ...extra })}\n`);
}

function printRefusal({ chunk, prefix, error, state }: ChunkRun, { stderr }: Streams): void {
  const line = `${state}: ${chunk.inputs.length} inputs for ${prefix}: ${error?.message ?? ""}`;
  stderr.write(`${escapeForTerminal(line)}\n`);
}
