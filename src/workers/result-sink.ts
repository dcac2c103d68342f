import type { ApiVersion } from "../protocol/api-version.ts";
import { recordError } from "../results/export/record-error.ts";
import { recordJson } from "../results/export/record-json.ts";
import type { ChunkRecord, RunResultRecord } from "../runs/index.ts";
import type { ObjectStore } from "../storage/index.ts";

/** A transaction in the database of the journal. */
export interface ResultTransaction {
  /** Runs a statement; `$1`, `$2`, ... stand for the values. */
  query(
    text: string,
    values?: unknown[],
  ): Promise<{
    /** What it answers, by the names of its columns; empty where it answers nothing. */
    readonly rows: readonly Record<string, unknown>[];
  }>;
}

/** A chunk whose records are handed on. */
export interface ResultChunk {
  /** The run, by its id. */
  readonly run: string;
  /** From 0 within its run. */
  readonly number: number;
  /** Where the run writes; ends in a slash. */
  readonly output: string;
  /** Whether its inputs are images, or files of which each page has a record. */
  readonly kind: ChunkRecord["kind"];
}

/** What a sink may need beside the records. */
export interface SinkContext {
  /** The store of the run's output. */
  readonly store: ObjectStore;
  /** Aborts when the worker ends, somebody else was given the chunk, or its records are told another time. */
  readonly signal: AbortSignal;
  /** With `resultsInTransaction`: what is written through it is kept if and only if the chunk has ended and counts as handed on. */
  readonly transaction?: ResultTransaction;
}

/**
 * Takes the records of a chunk, mostly while they are read: what they end with decides then how the chunk ends,
 * and where they end with an error they are told another time. It is called at least once for each chunk,
 * by any worker, and again where it throws or its worker is gone: it must be able to write the same once more.
 * Only what is written through the transaction has its effect exactly once. Inputs that are sent again
 * are told of once more by the later chunk. What a cancel ends before it was ever tried is told of by the
 * journal only.
 */
export type ResultSink = (
  chunk: ResultChunk,
  records: AsyncIterable<RunResultRecord<ApiVersion>>,
  context: SinkContext,
) => Promise<void>;

const folder = "records/";
const numberWidth = 6;

/** Where {@link writeNdjson} puts the records of a chunk: `<output><run>/records/000000.ndjson`. */
export function recordsUri({ output, run, number }: ResultChunk): string {
  return `${output}${run}/${folder}${String(number).padStart(numberWidth, "0")}.ndjson`;
}

/**
 * Writes the records of a chunk as an object of NDJSON below the output of its run: complete or not at all, of
 * one name, and not over what somebody else has written meanwhile.
 */
export const writeNdjson: ResultSink = async (chunk, records, { store, signal }) => {
  const uri = recordsUri(chunk);
  const { generation: ifGenerationMatch = "0" } = (await store.stat(uri, { signal })) ?? {};
  const contentType = "application/x-ndjson";
  await store.write(uri, toPieces(records), { contentType, ifGenerationMatch, signal });
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
