import type { ApiVersion } from "../protocol/api-version.ts";
import type { Exporter } from "../results/export/exporter.ts";
import {
  readResults,
  type ResultManifest,
  type ResultRecord,
  type ResultSource,
} from "../results/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { RecordOutput } from "./record-output.ts";
import { RecordWriter } from "./record-writer.ts";
import type { ProgressState } from "./render/progress.ts";
import { escapeLines } from "./render/escape.ts";
import type { Shortfall } from "./render/summary.ts";

/** What {@link collectResults} needs. */
export interface CollectOptions {
  readonly store: ObjectStore;
  readonly sources: readonly (string | ResultSource)[];
  readonly version: ApiVersion;
  /** Where the records go; committed once all are written. */
  readonly output: RecordOutput;
  /** What the user called an input. */
  readonly givenOf: (index: number) => string | undefined;
  readonly signal: AbortSignal;
  /** The inputs, where they are known. */
  readonly total?: number;
  /** What turns the records into another format. */
  readonly exporter?: Exporter | undefined;
  readonly onProgress: (state: ProgressState) => void;
}

/** What was written. */
export interface CollectedResults {
  readonly manifest: ResultManifest;
  readonly shortfalls: readonly Shortfall[];
  readonly shortfallCount: number;
}

/** Reads results and writes them: by the exporter, else as NDJSON, one line for each input. */
export async function collectResults(options: CollectOptions): Promise<CollectedResults> {
  const { store, sources, version, signal, total, output, exporter } = options;
  const writer = new RecordWriter(exporter === undefined ? output : undefined, options.givenOf);
  const reader = readResults(store, sources, { version, signal });
  const report = (): void => {
    const { inputs: done } = writer;
    const counts = total === undefined ? { done } : { done, total };
    options.onProgress({ phase: "reading results", ...counts, unit: "inputs" });
  };
  async function* counted(): AsyncGenerator<ResultRecord<ApiVersion>> {
    for await (const record of reader) {
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
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the results ended without a manifest");
  const { shortfalls, shortfallCount } = writer;
  return { manifest, shortfalls, shortfallCount };
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
