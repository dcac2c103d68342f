import { ResultCountError, ShardError } from "../errors/index.ts";
import type { NumberRange } from "./find-shards.ts";
import { resultStatuses, type ResultStatus } from "./result-record.ts";

/** A response that answers nothing that was asked for. */
export interface UnexpectedResponse {
  /** The shard it stands in. */
  readonly shard: string;
  /** Its URI, empty where it has none. */
  readonly uri: string;
  /** The page of a document, from 1; absent for an image. */
  readonly page?: number;
}

/** Numbers of an output prefix that no shard covers, or that two cover. */
export interface PrefixRange extends NumberRange {
  /** The prefix whose shards have these numbers. */
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
  /** Shards that were read. */
  readonly shards: number;
  /** Bytes of the shards that were read, uncompressed. */
  readonly bytes: number;
  /** Inputs that share their URI with an earlier one of the same source. */
  readonly duplicates: number;
  /** Responses that were joined by their place since they have no URI. */
  readonly joinedByPlace: number;
  /** Responses that nothing asked for, and the first hundred of them. */
  readonly unexpected: {
    /** How many. */
    readonly count: number;
    /** The first hundred, as they were read. */
    readonly first: readonly UnexpectedResponse[];
  };
  /** Shards, or responses in them, that could not be read: the first thousand of them. */
  readonly shardErrors: readonly ShardError[];
  /** How many shards, or responses in them, could not be read. */
  readonly shardErrorCount: number;
  /** Numbers that no shard covers: what they answer for is missing. */
  readonly gaps: readonly PrefixRange[];
  /** Numbers that two shards cover, as after two operations wrote to one prefix. */
  readonly overlaps: readonly PrefixRange[];
}

/** Throws {@link ResultCountError} unless the counts of a manifest add up to its inputs. */
export function checkCounts(manifest: Pick<ResultManifest, "inputs" | "counts">): void {
  let counted = 0;
  for (const status of resultStatuses) counted += manifest.counts[status];
  if (counted !== manifest.inputs) throw new ResultCountError(manifest.inputs, counted);
}

const unexpectedShown = 100;
const shardErrorsShown = 1000;

/** A {@link Tally} as plain data. */
export interface TallyData extends Omit<ResultManifest, "shardErrors"> {
  readonly shardErrors: readonly ShardErrorData[];
}

/** A {@link ShardError} as plain data. */
export interface ShardErrorData {
  readonly uri: string;
  readonly problem: string;
  readonly byteOffset?: number | undefined;
}

/** Counts what is read. */
export class Tally {
  inputs = 0;
  pages = 0;
  responses = 0;
  shards = 0;
  bytes = 0;
  duplicates = 0;
  joinedByPlace = 0;
  readonly gaps: PrefixRange[] = [];
  readonly overlaps: PrefixRange[] = [];
  readonly #counts = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0 };
  readonly #unexpected: UnexpectedResponse[] = [];
  #unexpectedCount = 0;
  readonly #shardErrors: ShardError[] = [];
  #shardErrorCount = 0;

  /** Counts an input under its status. */
  count(status: ResultStatus): void {
    this.#counts[status]++;
  }

  /** Counts a response that nothing asked for. */
  addUnexpected(response: UnexpectedResponse): void {
    this.#unexpectedCount++;
    if (this.#unexpected.length < unexpectedShown) this.#unexpected.push(response);
  }

  /** Counts a shard, or a response, that could not be read. */
  addShardError(error: ShardError): void {
    this.#shardErrorCount++;
    if (this.#shardErrors.length < shardErrorsShown) this.#shardErrors.push(error);
  }

  /** What was counted so far. */
  toManifest(): ResultManifest {
    const { inputs, pages, responses, shards, bytes, duplicates, joinedByPlace } = this;
    return {
      ...{ inputs, counts: { ...this.#counts }, pages, responses, shards, bytes, duplicates },
      joinedByPlace,
      unexpected: { count: this.#unexpectedCount, first: [...this.#unexpected] },
      shardErrors: [...this.#shardErrors],
      shardErrorCount: this.#shardErrorCount,
      gaps: [...this.gaps],
      overlaps: [...this.overlaps],
    };
  }

  /** What was counted so far, as plain data. */
  toData(): TallyData {
    return { ...this.toManifest(), shardErrors: this.#shardErrors.map(toErrorData) };
  }

  /** Takes over what {@link toData} told. */
  restore(data: TallyData): void {
    const { inputs, pages, responses, shards, bytes, duplicates, joinedByPlace } = data;
    Object.assign(this, { inputs, pages, responses, shards, bytes, duplicates, joinedByPlace });
    Object.assign(this.#counts, data.counts);
    this.gaps.push(...data.gaps);
    this.overlaps.push(...data.overlaps);
    this.#unexpectedCount = data.unexpected.count;
    this.#unexpected.push(...data.unexpected.first);
    this.#shardErrorCount = data.shardErrorCount;
    this.#shardErrors.push(...data.shardErrors.map(fromErrorData));
  }
}

/** A shard error as plain data. */
export function toErrorData({ uri, message, byteOffset }: ShardError): ShardErrorData {
  const place = byteOffset === undefined ? "" : ` at byte ${byteOffset}`;
  const problem = message.slice(`${uri} cannot be read${place}: `.length);
  return { uri, problem, byteOffset };
}

/** The shard error that plain data tell. */
export function fromErrorData({ problem, ...fields }: ShardErrorData): ShardError {
  return new ShardError(problem, fields);
}
