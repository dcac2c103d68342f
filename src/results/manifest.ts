import { ResultCountError, type ShardError } from "../errors/index.ts";
import type { NumberRange } from "./find-shards.ts";
import { resultStatuses, type ResultStatus } from "./result-record.ts";

/** A response that answers nothing that was asked for. */
export interface UnexpectedResponse {
  /** The shard it stands in. */
  readonly shard: string;
  /** Its URI, empty where it has none. */
  readonly uri: string;
  readonly page?: number;
}

/** Numbers of an output prefix that no shard covers, or that two cover. */
export interface PrefixRange extends NumberRange {
  readonly prefix: string;
}

/** What was read, in numbers. */
export interface ResultManifest {
  /** The inputs; without given inputs, the images and documents that were found. */
  readonly inputs: number;
  /** Inputs by status, a document counted once: they add up to `inputs`. */
  readonly counts: Readonly<Record<ResultStatus, number>>;
  /** Pages of documents that were found. */
  readonly pages: number;
  /** Responses that were read, unexpected ones included. */
  readonly responses: number;
  readonly shards: number;
  /** Bytes of the shards that were read, uncompressed. */
  readonly bytes: number;
  /** Inputs that share their URI with an earlier one of the same source. */
  readonly duplicates: number;
  /** Responses that were joined by their place since they have no URI. */
  readonly joinedByPlace: number;
  /** Responses that nothing asked for, and the first hundred of them. */
  readonly unexpected: { readonly count: number; readonly first: readonly UnexpectedResponse[] };
  /** Shards, or responses in them, that could not be read. */
  readonly shardErrors: readonly ShardError[];
  readonly gaps: readonly PrefixRange[];
  readonly overlaps: readonly PrefixRange[];
}

/** Throws {@link ResultCountError} unless the counts of a manifest add up to its inputs. */
export function checkCounts(manifest: Pick<ResultManifest, "inputs" | "counts">): void {
  let counted = 0;
  for (const status of resultStatuses) counted += manifest.counts[status];
  if (counted !== manifest.inputs) throw new ResultCountError(manifest.inputs, counted);
}

const unexpectedShown = 100;

/** Counts what is read. */
export class Tally {
  inputs = 0;
  pages = 0;
  responses = 0;
  shards = 0;
  bytes = 0;
  duplicates = 0;
  joinedByPlace = 0;
  readonly shardErrors: ShardError[] = [];
  readonly gaps: PrefixRange[] = [];
  readonly overlaps: PrefixRange[] = [];
  readonly #counts = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0 };
  readonly #unexpected: UnexpectedResponse[] = [];
  #unexpectedCount = 0;

  /** Counts an input under its status. */
  count(status: ResultStatus): void {
    this.#counts[status]++;
  }

  /** Counts a response that nothing asked for. */
  addUnexpected(response: UnexpectedResponse): void {
    this.#unexpectedCount++;
    if (this.#unexpected.length < unexpectedShown) this.#unexpected.push(response);
  }

  /** What was counted so far. */
  toManifest(): ResultManifest {
    const { inputs, pages, responses, shards, bytes, duplicates, joinedByPlace } = this;
    return {
      ...{ inputs, counts: { ...this.#counts }, pages, responses, shards, bytes, duplicates },
      joinedByPlace,
      unexpected: { count: this.#unexpectedCount, first: [...this.#unexpected] },
      shardErrors: [...this.shardErrors],
      gaps: [...this.gaps],
      overlaps: [...this.overlaps],
    };
  }
}
