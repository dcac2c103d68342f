import type { ApiVersion } from "../protocol/api-version.ts";
import type { ReorderWait } from "./input-order.ts";
import type { ShardLimits } from "./open-shard.ts";

/** Options of {@link readResults}. */
export interface ReadResultsOptions<V extends ApiVersion = "v1"> {
  /** The version of the API that the results are of. Default `v1`. */
  readonly version?: V | undefined;
  /**
   * What of each response is read, as a google.protobuf.FieldMask, e.g.
   * `fullTextAnnotation.text,labelAnnotations`; the rest is skipped without being built, and only its
   * strings and brackets are checked. `context` and `error` are always read. Default: everything.
   */
  readonly readMask?: string | readonly string[] | undefined;
  /**
   * `arrival`: as the shards come. `input`: by index and page; what is later waits for what is earlier,
   * and for the end of its source where that is missing. Default `arrival`.
   */
  readonly order?: "arrival" | "input" | undefined;
  /**
   * How much JSON may wait for earlier records with `order: "input"`, and, whatever the order, how much of
   * a source for its end, which alone tells whose they are: responses without a URI, and while a source
   * is followed those of a URI that was asked for several times. More is an {@link InputOrderError}.
   * Default 256 MiB.
   */
  readonly maxReorderBytes?: number | undefined;
  /** Called with `order: "input"` when records begin to wait for an input. */
  readonly onReorderWait?: ((wait: ReorderWait) => void) | undefined;
  /** The `cursor` of an earlier reading of the same sources in the same order: only what came after it is read. */
  readonly cursor?: string | undefined;
  /** Shards, and prefixes to list, that are fetched before they are needed; 0 fetches each when it is. Default 4. */
  readonly prefetch?: number | undefined;
  /** How often a prefix is listed while its source's `until` is pending. Default 2 seconds. */
  readonly followIntervalMs?: number | undefined;
  /** Resolves after a time, rejects when it is aborted. Default: by a timer. */
  readonly wait?: ((delayMs: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** How much of a shard is fetched before its turn; what is larger is decoded while it comes. Default 16 MiB. */
  readonly maxBufferedBytes?: number | undefined;
  /** Larger shards are refused with a {@link ShardError}. Default: none are. */
  readonly maxShardBytes?: number | undefined;
  /** Shards with a response of which more is read are refused with a {@link ShardError}. Default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Shards whose lists and objects nest deeper are refused with a {@link ShardError}. Default 200. */
  readonly maxDepth?: number | undefined;
  /** Whether a shard that cannot be read ends the reading. Default: it is in the manifest and the others are read. */
  readonly stopOnShardError?: boolean | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

const mebibyte = 1024 * 1024;

/** The limits that options tell. */
export function limitsOf(options: ReadResultsOptions<ApiVersion>): ShardLimits {
  return {
    maxBufferedBytes: options.maxBufferedBytes ?? 16 * mebibyte,
    maxShardBytes: options.maxShardBytes ?? Infinity,
    maxResponseBytes: options.maxResponseBytes ?? 64 * mebibyte,
    maxDepth: options.maxDepth ?? 200,
  };
}

/** The value of `maxReorderBytes` where none is given. */
export const defaultMaxReorderBytes = 256 * mebibyte;
