import type { ApiVersion } from "../protocol/api-version.ts";
import { recordError } from "../results/export/record-error.ts";
import { recordJson } from "../results/export/record-json.ts";
import type { ChunkRecord, RunResultRecord } from "../runs/index.ts";
import type { ObjectStore } from "../storage/index.ts";

/** A transaction in the database of the journal. */
export interface ResultTransaction {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/** A chunk that has ended. */
export interface EndedChunk {
  /** The run, by its id. */
  readonly run: string;
  /** From 0 within its run. */
  readonly number: number;
  /** Where the run writes; ends in a slash. */
  readonly output: string;
  readonly kind: ChunkRecord["kind"];
  readonly state: "done" | "failed" | "cancelled";
  /** Inputs by status; `retried` ones are told of by a later chunk. */
  readonly counts: ChunkRecord["counts"];
}

/** What a sink may need beside the records. */
export interface SinkContext {
  readonly store: ObjectStore;
  /** Aborts when the worker ends, or somebody else was given the chunk. */
  readonly signal: AbortSignal;
  /** With `resultsInTransaction`: what is written through it is kept if and only if the chunk counts as delivered. */
  readonly transaction?: ResultTransaction;
}

/**
 * Takes the records of a chunk that has ended. It is called at least once for each, by any worker, and again
 * where it throws or its worker is gone: it must be able to write the same once more. Only what is written
 * through the transaction has its effect exactly once. Inputs that are sent again are told of once more by
 * the later chunk. What a cancel ends before it was ever tried is told of by the journal only.
 */
export type ResultSink = (
  chunk: EndedChunk,
  records: AsyncIterable<RunResultRecord<ApiVersion>>,
  context: SinkContext,
) => Promise<void>;

const folder = "records/";
const numberWidth = 6;

/** Where {@link writeNdjson} puts the records of a chunk: `<output><run>/records/000000.ndjson`. */
export function recordsUri({ output, run, number }: EndedChunk): string {
  return `${output}${run}/${folder}${String(number).padStart(numberWidth, "0")}.ndjson`;
}

/** Writes the records of a chunk as an object of NDJSON below the output of its run: complete or not at all, and the same each time. */
export const writeNdjson: ResultSink = async (chunk, records, { store, signal }) => {
  const contentType = "application/x-ndjson";
  await store.write(recordsUri(chunk), toPieces(records), { contentType, signal });
};

/** Lines go together in pieces of a size that is worth a write. */
const pieceLength = 256 * 1024;

async function* toPieces(
  records: AsyncIterable<RunResultRecord<ApiVersion>>,
): AsyncGenerator<Uint8Array> {
  let waiting: string[] = [];
  let length = 0;
  for await (const record of records) {
    const line = `${toLine(record)}\n`;
    waiting.push(line);
    length += line.length;
    if (length < pieceLength) continue;
    yield Buffer.from(waiting.join(""));
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(waiting.join(""));
}

function toLine(record: RunResultRecord<ApiVersion>): string {
  const { index, customId, uri, page, status } = record;
  const error = recordError(record);
  const response = "response" in record ? record.response : undefined;
  return recordJson({ index, customId, uri, page, status, error, response }, record);
}
