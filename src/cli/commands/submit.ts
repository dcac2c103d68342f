import { connect } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { parseJobFlags, type JobFlags } from "../job-flags.ts";
import type { ChunkRun } from "../job/chunk-run.ts";
import { escapeForTerminal, toSafeJson } from "../render/escape.ts";
import { createProgress } from "../render/progress.ts";
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
    const onChange = (): void => undefined;
    const options = { args, flags, settings, connection, streams, progress, signal, onChange };
    const { job } = await prepareJob(options);
    await job.submit();
    for (const chunk of job.chunks) report(chunk, streams);
    const accepted = job.chunks.every(({ state }) => state === "running");
    return accepted ? exitCodes.done : exitCodes.serviceFailed;
  } finally {
    progress.stop();
  }
}

function report(run: ChunkRun, { stdout, stderr }: Streams): void {
  const { chunk, handle, prefix, error, state } = run;
  const inputs = chunk.inputs.length;
  if (handle !== undefined) {
    stdout.write(`${toSafeJson({ ...handle.toJSON(), output: prefix, inputs })}\n`);
    return;
  }
  const reason = escapeForTerminal(error?.message ?? "stopped before it was sent");
  stderr.write(`${inputs} inputs, ${state}, output ${escapeForTerminal(prefix)}: ${reason}\n`);
}
