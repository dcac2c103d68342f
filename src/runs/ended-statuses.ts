import type { ApiVersion } from "../protocol/api-version.ts";
import type { ResultRecord } from "../results/index.ts";
import { inputStatuses, type ChunkOutcome } from "./journal/chunk-record.ts";
import { statusCodes } from "./steps/index.ts";

/**
 * How the inputs of a chunk ended, for records that are read afterwards. What was written after a chunk
 * was given up is told of as missing, as the counts have it: `retryFailed` sends it again.
 */
export class EndedStatuses {
  readonly #codes: Uint8Array | undefined;
  readonly #error: Error | undefined;
  /** Inputs of which something was written too late. */
  readonly #late = new Set<number>();

  /** `error`: why inputs are missing. Without an outcome everything is told as it is read. */
  constructor(outcome: ChunkOutcome | undefined, error: Error | undefined) {
    this.#codes = outcome === undefined ? undefined : statusCodes(outcome);
    this.#error = error;
  }

  /** A record as its input ended; undefined where another chunk or another record tells of it. */
  tell<V extends ApiVersion>(record: ResultRecord<V>): ResultRecord<V> | undefined {
    const { index, uri } = record;
    const status = inputStatuses[this.#codes?.[index] ?? -1];
    if (status === "retried") return undefined;
    if (status !== "missing" || record.status === "missing") return record;
    if (this.#late.has(index)) return undefined;
    this.#late.add(index);
    const error = this.#error === undefined ? {} : { error: this.#error };
    return { status, index, uri, ...error };
  }
}
