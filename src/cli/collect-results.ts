import type { ApiVersion } from "../protocol/api-version.ts";
import { readResults, type ResultManifest, type ResultSource } from "../results/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { RecordOutput } from "./record-output.ts";
import { RecordWriter } from "./record-writer.ts";
import type { ProgressState } from "./render/progress.ts";
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
  readonly onProgress: (state: ProgressState) => void;
}

/** What was written. */
export interface CollectedResults {
  readonly manifest: ResultManifest;
  readonly shortfalls: readonly Shortfall[];
  readonly shortfallCount: number;
}

/** Reads results and writes them as NDJSON, one line for each input. */
export async function collectResults(options: CollectOptions): Promise<CollectedResults> {
  const { store, sources, version, signal, total, output } = options;
  const writer = new RecordWriter(output, options.givenOf);
  const reader = readResults(store, sources, { version, signal });
  const report = (): void => {
    const { inputs: done } = writer;
    const counts = total === undefined ? { done } : { done, total };
    options.onProgress({ phase: "reading results", ...counts, unit: "inputs" });
  };
  for await (const record of reader) {
    await writer.write(record);
    report();
  }
  await writer.end();
  report();
  await output.commit();
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the results ended without a manifest");
  const { shortfalls, shortfallCount } = writer;
  return { manifest, shortfalls, shortfallCount };
}
