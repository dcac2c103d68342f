import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { openExporter, refuseBinary } from "../../export-format.ts";
import { parseFormatFlags, type FormatFlags } from "../../format-flags.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import { say } from "../../say.ts";
import type { Streams } from "../../streams.ts";
import { withOutput, type WritingParts } from "../../with-output.ts";
import { writeRecords } from "../../write-records.ts";

/** The options of `vision-batch runs results`. */
export interface RunResultsFlags extends RunsFlags, FormatFlags {
  readonly out?: string;
  readonly follow?: boolean;
}

/** `vision-batch runs results`: writes the records of what has come to its end, or follows the run. */
export async function runResults(
  id: string,
  flags: RunResultsFlags,
  streams: Streams,
): Promise<ExitCode> {
  refuseBinary(flags, streams);
  return await withOutput(flags, streams, (parts) => write(id, flags, parts));
}

async function write(
  id: string,
  flags: RunResultsFlags,
  { streams, progress, output, signal }: WritingParts,
): Promise<ExitCode> {
  const settings = parseFormatFlags(flags);
  await using session = await openRunsOf(id, flags);
  const { run, version, connection } = session;
  const context = { ...settings, version, store: await connection.store() };
  const { exporter, noteRest } = await openExporter(flags.format, context, progress);
  // A bar would draw over records on the same screen.
  if (output.isTerminal) progress.stop();
  const { follow = false } = flags;
  await writeRecords(run.results({ follow, signal }), {
    ...{ output, exporter, total: run.planned.image + run.planned.file },
    nameOf: ({ customId, uri }) => customId ?? uri,
    onProgress: (state) => {
      progress.update(state);
    },
  });
  noteRest();
  progress.stop();
  const { inputs } = await run.snapshot();
  if (inputs.open > 0) say(streams, `${inputs.open} of ${inputs.total} inputs have no result yet`);
  return inputs.succeeded === inputs.total ? exitCodes.done : exitCodes.inputsFailed;
}
