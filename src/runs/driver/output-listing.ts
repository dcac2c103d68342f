import { parseShardName } from "../../results/shard-name.ts";
import { parseGsUri, type ObjectStore } from "../../storage/index.ts";
import type { ChunkKind } from "../journal/run-record.ts";

/** What lies under the prefix of an attempt. */
export interface OutputListing {
  /** Shards that are there. */
  readonly shards: number;
  /** Inputs that the names of the shards account for: images, or files that have any shard. */
  readonly inputs: number;
}

/** Which output to look for. */
export interface OutputQuery {
  readonly prefix: string;
  readonly kind: ChunkKind;
  readonly signal?: AbortSignal | undefined;
}

/** Lists the shards under the prefix of an attempt. @throws StorageError */
export async function listOutput(
  store: ObjectStore,
  { prefix, kind, signal }: OutputQuery,
): Promise<OutputListing> {
  const { name } = parseGsUri(prefix);
  const ranges: (readonly [first: number, last: number])[] = [];
  const files = new Set<string>();
  for await (const object of store.list(prefix, { signal })) {
    const below = object.name.slice(name.length);
    const found = parseShardName(below);
    if (found === undefined) continue;
    const { first, last } = found.numbers;
    const folder = below.slice(0, found.start);
    // What is deeper or elsewhere was not asked for by this attempt.
    if (!(kind === "image" ? folder === "" : /^\d+\/$/.test(folder))) continue;
    ranges.push([first, last]);
    files.add(folder);
  }
  return { shards: ranges.length, inputs: kind === "file" ? files.size : covered(ranges) };
}

function covered(ranges: readonly (readonly [first: number, last: number])[]): number {
  let count = 0;
  let end = 0;
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    count += Math.max(0, last - Math.max(end, first - 1));
    end = Math.max(end, last);
  }
  return count;
}
