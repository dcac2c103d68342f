import { ResultCountError } from "../../errors/index.ts";
import { toErrorData, type ResultManifest } from "../../results/manifest.ts";
import {
  resultStatuses,
  type ResultRecord,
  type ResultStatus,
} from "../../results/result-record.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { JsonData } from "../journal/run-record.ts";
import { readChunk, type ChunkSource } from "./chunk-results.ts";

/** What became of the inputs of a chunk, as its output tells. */
export interface CollectedChunk {
  /** They add up to the inputs. */
  readonly counts: Readonly<Record<ResultStatus, number>>;
  /** A code an input; absent where all have the same status. */
  readonly statuses?: Uint8Array;
  /** Shards, or responses in them, that could not be read. */
  readonly malformed: number;
  readonly manifest: JsonData;
}

/** Reads the output of a chunk to its end; `onRecords` is waited for. @throws StorageError, ResultCountError */
export async function collectChunk<V extends ApiVersion>(
  source: ChunkSource,
  onRecords?: (records: readonly ResultRecord<V>[]) => Promise<void>,
): Promise<CollectedChunk> {
  const statuses = new StatusTable(source.inputs.length);
  const reader = readChunk<V>(source);
  for await (const records of reader.batches()) {
    for (const { index, status } of records) statuses.add(index, status);
    if (onRecords !== undefined) await onRecords(records);
  }
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the results ended without a manifest");
  const codes = statuses.codes();
  checkAgainst(manifest, codes);
  const isUniform = codes.every((code) => code === codes[0]);
  return {
    counts: manifest.counts,
    ...(isUniform ? {} : { statuses: codes }),
    malformed: manifest.shardErrorCount,
    manifest: toManifestData(manifest),
  };
}

/** The statuses of inputs, a bit each: a file has one of all its pages, or several. */
class StatusTable {
  readonly #bits: Uint8Array;

  constructor(size: number) {
    this.#bits = new Uint8Array(size);
  }

  add(position: number, status: ResultStatus): void {
    this.#bits[position] = (this.#bits[position] ?? 0) | (1 << resultStatuses.indexOf(status));
  }

  codes(): Uint8Array {
    return this.#bits.map((bits) => codeOf.get(bits) ?? partial);
  }
}

const codeOf = new Map(resultStatuses.map((_, code) => [1 << code, code]));
const partial = resultStatuses.indexOf("partial");

/** The statuses that are kept input by input must be those that were counted. */
function checkAgainst({ counts }: ResultManifest, codes: Uint8Array): void {
  const found = new Uint32Array(resultStatuses.length);
  for (const code of codes) found[code] = (found[code] ?? 0) + 1;
  for (const [code, status] of resultStatuses.entries()) {
    const counted = found[code] ?? 0;
    if (counted !== counts[status]) throw new ResultCountError(counts[status], counted);
  }
}

/** Entries of a list that are kept: a journal is no place for thousands of them. */
const shown = 10;

/** A manifest as it is kept: without what is in columns, and of long lists the beginning. */
function toManifestData(manifest: ResultManifest): JsonData {
  const { pages, responses, shards, bytes, duplicates, joinedByPlace } = manifest;
  const { unexpected, shardErrors, shardErrorCount, gaps, overlaps } = manifest;
  return {
    ...{ pages, responses, shards, bytes, duplicates, joinedByPlace, shardErrorCount },
    unexpected: { count: unexpected.count, first: unexpected.first.slice(0, shown) },
    shardErrors: shardErrors.slice(0, shown).map(toErrorData),
    gaps: gaps.slice(0, shown),
    overlaps: overlaps.slice(0, shown),
  };
}
