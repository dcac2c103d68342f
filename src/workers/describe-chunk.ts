import type { ChunkRecord } from "../runs/index.ts";
import type { JournalTransaction } from "../runs/journal/postgres/journal-transaction.ts";
import type { RunRecord } from "../runs/journal/run-record.ts";
import type { RunOptions } from "../runs/run-options.ts";
import type { ResultChunk, ResultTransaction } from "./result-sink.ts";

/** What a sink is told of a chunk. */
export function describeChunk(
  { id, options }: RunRecord,
  { number, kind }: ChunkRecord,
): ResultChunk {
  const { output } = options as unknown as RunOptions;
  return { run: id, number, output, kind };
}

/** What a sink is given of a transaction. */
export function forSink(transaction: JournalTransaction | undefined): {
  readonly transaction?: ResultTransaction;
} {
  if (transaction === undefined) return {};
  return { transaction: { query: (text, values) => transaction.query(text, values) } };
}
