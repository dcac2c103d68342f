import type { Exporter } from "../results/export/exporter.ts";
import type { RecordOutput } from "./record-output.ts";
import { RecordWriter, type AnyRecord } from "./record-writer.ts";
import type { ProgressState } from "./render/progress.ts";
import { escapeLines } from "./render/escape.ts";
import type { Shortfall } from "./render/summary.ts";

/** What {@link writeRecords} needs. */
export interface WriteOptions {
  /** Where the records go; committed once all are written. */
  readonly output: RecordOutput;
  /** What the user called an input, where that is known. */
  readonly nameOf: (record: AnyRecord) => string | undefined;
  /** The inputs, where they are known. */
  readonly total?: number;
  /** What turns the records into another format. */
  readonly exporter?: Exporter | undefined;
  readonly onProgress: (state: ProgressState) => void;
}

/** What was written. */
export interface WrittenRecords {
  /** Inputs whose record is complete. */
  readonly inputs: number;
  /** The first inputs without a complete result. */
  readonly shortfalls: readonly Shortfall[];
  readonly shortfallCount: number;
}

/** Writes records: by the exporter, else as NDJSON, one line for each input. @throws OutputError */
export async function writeRecords(
  records: AsyncIterable<AnyRecord>,
  options: WriteOptions,
): Promise<WrittenRecords> {
  const { output, exporter, total } = options;
  const writer = new RecordWriter(exporter === undefined ? output : undefined, options.nameOf);
  const report = (): void => {
    const { inputs: done } = writer;
    const counts = total === undefined ? { done } : { done, total };
    options.onProgress({ phase: "reading results", ...counts, unit: "inputs" });
  };
  async function* counted(): AsyncGenerator<AnyRecord> {
    for await (const record of records) {
      await writer.write(record);
      report();
      yield record;
    }
    await writer.end();
    report();
  }
  if (exporter === undefined) for await (const _record of counted());
  else await writeExport(exporter.export(counted()), output);
  await output.commit();
  return writer;
}

/** Text from images is shown by a terminal and never obeyed by it. */
async function writeExport(
  chunks: AsyncIterable<string | Uint8Array>,
  output: RecordOutput,
): Promise<void> {
  for await (const chunk of chunks) {
    const shown = output.isTerminal && typeof chunk === "string" ? escapeLines(chunk) : chunk;
    await output.write(shown);
  }
}
