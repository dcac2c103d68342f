import { batchSizeRange } from "../../protocol/limits.ts";
import { StorageError } from "../../errors/index.ts";
import { ServiceError } from "../service-error.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import type { OutputConfigJson } from "./request-json.ts";

/** A range of responses, 1-based and inclusive. */
export interface ShardRange {
  readonly first: number;
  readonly last: number;
}

/** Cuts `count` responses into shards of the output's batch size; the last one may be shorter. */
export function* shardRanges(
  count: number,
  outputConfig: OutputConfigJson | undefined,
): Generator<ShardRange> {
  const size = outputConfig?.batchSize || batchSizeRange.default;
  for (let first = 1; first <= count; first += size) {
    yield { first, last: Math.min(first + size - 1, count) };
  }
}

/**
 * Writes one shard as `<prefix>output-<first>-to-<last>.json`: the prefix verbatim, no padding. A fault
 * may leave it out, or the second half of it.
 * @throws ServiceError where the output cannot be written.
 */
export async function writeShard(
  { store, strikeShard }: Pick<AnnotationParts, "store" | "strikeShard">,
  outputConfig: OutputConfigJson | undefined,
  shard: {
    readonly method: string;
    readonly range: ShardRange;
    readonly text: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const prefix = outputConfig?.gcsDestination?.uri ?? "";
  const uri = `${prefix}output-${shard.range.first}-to-${shard.range.last}.json`;
  shard.signal.throwIfAborted();
  const fault = strikeShard(shard.method);
  if (fault === "missing") return;
  const whole = Buffer.from(shard.text);
  const content = fault === "truncated" ? whole.subarray(0, whole.length / 2) : whole;
  try {
    await store.write(uri, content, { contentType: "application/json" });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const code = error.reason === "notFound" ? "NOT_FOUND" : "PERMISSION_DENIED";
    throw new ServiceError({ code, message: `Error writing final output to: ${uri}` });
  }
}
