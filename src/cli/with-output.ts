import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { leaveOnInterrupt } from "./interrupts.ts";
import { openOutput, type RecordOutput } from "./record-output.ts";
import { createProgress } from "./render/create-progress.ts";
import type { Progress } from "./render/progress.ts";
import type { Streams } from "./streams.ts";

/** What a command that reads results and writes their records has at hand. */
export interface WritingParts {
  readonly streams: Streams;
  readonly progress: Progress;
  readonly output: RecordOutput;
  /** Aborts when the user wants to leave. */
  readonly signal: AbortSignal;
}

/** Writes records to `--out` or stdout, until that is done or the user leaves. @throws UsageError */
export async function withOutput(
  { out, quiet }: { readonly out?: string; readonly quiet?: boolean },
  streams: Streams,
  write: (parts: WritingParts) => Promise<ExitCode>,
): Promise<ExitCode> {
  const progress = createProgress(streams.stderr, quiet);
  using leaving = leaveOnInterrupt();
  const { signal } = leaving;
  let output: RecordOutput | undefined;
  try {
    output = await openOutput(out, streams.stdout);
    return await write({ streams, progress, output, signal });
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
    await output?.discard();
  }
}
