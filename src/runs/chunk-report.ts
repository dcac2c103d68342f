import type { ResultManifest } from "../results/index.ts";
import {
  inputStatuses,
  type ChunkOutcome,
  type InputStatus,
  type StatusCounts,
} from "./journal/chunk-record.ts";
import { statusCodes } from "./steps/index.ts";

/** What was read of the output of a chunk; of long lists the beginning. */
export type ChunkManifest = Pick<
  ResultManifest,
  | "pages"
  | "responses"
  | "shards"
  | "bytes"
  | "duplicates"
  | "joinedByPlace"
  | "shardErrorCount"
  | "unexpected"
  | "gaps"
  | "overlaps"
> & {
  /** Shards, or responses in them, that could not be read: the first of them. */
  readonly shardErrors: readonly {
    /** The shard. */
    readonly uri: string;
    /** Why, without its URI. */
    readonly problem: string;
  }[];
};

/** What became of the inputs of a chunk that has ended. */
export interface ChunkReport {
  /** They add up to the inputs of the chunk. */
  readonly counts: StatusCounts;
  /** In the order in which the inputs are sent. */
  readonly statuses: readonly InputStatus[];
  /** Absent where nothing was read. */
  readonly manifest?: ChunkManifest;
}

/** What a journal keeps of the outcome of a chunk, in the words of the facade. */
export function toChunkReport(outcome: ChunkOutcome): ChunkReport {
  const { counts, manifest } = outcome;
  const statuses = Array.from(statusCodes(outcome), (code) => inputStatuses[code] ?? "missing");
  // As `collectChunk` has written it.
  const told = manifest as ChunkManifest | undefined;
  return { counts, statuses, ...(told === undefined ? {} : { manifest: told }) };
}
