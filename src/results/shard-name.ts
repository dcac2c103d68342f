import type { ObjectInfo } from "../storage/object-store.ts";

/** The numbers in the name of a shard. */
export interface ShardNumbers {
  /** The number of its first response, from 1: of the request for images, of the file for a file. */
  readonly first: number;
  readonly last: number;
  /** The numbers behind `last` in a name such as `output-1-to-20-2.json`; nearly always none. */
  readonly suffix: readonly number[];
}

/** A shard of results, as its name tells it. */
export interface Shard extends ShardNumbers {
  readonly object: ObjectInfo;
}

/**
 * The service adds `output-<first>-to-<last>.json` to the prefix as it was given. The proto warns of
 * outputs that overflow into further shards without telling their names, so numbers may follow.
 */
const shardName = /output-(\d{1,15})-to-(\d{1,15})((?:[-_]\d{1,15})*)\.json(?:\.gz)?$/;

/** What lies between a shard's name and the bucket, or undefined where the object is no shard. */
export function parseShard(object: ObjectInfo): { prefix: string; shard: Shard } | undefined {
  const found = parseShardName(object.name);
  if (found === undefined) return undefined;
  const prefix = `gs://${object.bucket}/${object.name.slice(0, found.start)}`;
  return { prefix, shard: { object, ...found.numbers } };
}

/** The numbers in a shard's name and where in it `output-` begins; undefined where it is none of a shard. */
export function parseShardName(
  name: string,
): { readonly start: number; readonly numbers: ShardNumbers } | undefined {
  const match = shardName.exec(name);
  if (match === null) return undefined;
  const [, first = "", last = "", suffix = ""] = match;
  const numbers = {
    first: Number(first),
    last: Number(last),
    suffix: (suffix.match(/\d+/g) ?? []).map(Number),
  };
  if (numbers.first < 1 || numbers.last < numbers.first) return undefined;
  return { start: match.index, numbers };
}

/** Orders shards by their numbers. */
export function compareShards(a: ShardNumbers, b: ShardNumbers): number {
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
