import type { ObjectInfo } from "../storage/object-store.ts";

/** A shard of results, as its name tells it. */
export interface Shard {
  readonly object: ObjectInfo;
  /** The number of its first response, from 1: of the request for images, of the file for a file. */
  readonly first: number;
  readonly last: number;
  /** The numbers behind `last` in a name such as `output-1-to-20-2.json`; nearly always none. */
  readonly suffix: readonly number[];
}

/**
 * The service adds `output-<first>-to-<last>.json` to the prefix as it was given. The proto warns of
 * outputs that overflow into further shards without telling their names, so numbers may follow.
 */
const shardName = /output-(\d{1,15})-to-(\d{1,15})((?:[-_]\d{1,15})*)\.json(?:\.gz)?$/;

/** What lies between a shard's name and the bucket, or undefined where the object is no shard. */
export function parseShard(object: ObjectInfo): { prefix: string; shard: Shard } | undefined {
  const match = shardName.exec(object.name);
  if (match === null) return undefined;
  const [, first = "", last = "", suffix = ""] = match;
  const shard = {
    object,
    first: Number(first),
    last: Number(last),
    suffix: (suffix.match(/\d+/g) ?? []).map(Number),
  };
  if (shard.first < 1 || shard.last < shard.first) return undefined;
  return { prefix: `gs://${object.bucket}/${object.name.slice(0, match.index)}`, shard };
}

/** Orders shards by their numbers. */
export function compareShards(a: Shard, b: Shard): number {
  const bySuffix = (): number => {
    const length = Math.max(a.suffix.length, b.suffix.length);
    for (let index = 0; index < length; index++) {
      const difference = (a.suffix[index] ?? -1) - (b.suffix[index] ?? -1);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return a.first - b.first || a.last - b.last || bySuffix();
}
