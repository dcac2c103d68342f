import type { ObjectStore } from "../storage/object-store.ts";
import { compareShards, parseShard, type Shard, type ShardNumbers } from "./shard-name.ts";

/** Numbers that no shard names, or that two name. */
export interface NumberRange {
  /** The first of them. */
  readonly first: number;
  /** The last of them. */
  readonly last: number;
}

/** The shards of one output prefix. */
export interface ShardSet {
  readonly prefix: string;
  /** By number. */
  readonly shards: readonly Shard[];
  /** Numbers before the last shard that no name covers. */
  readonly gaps: readonly NumberRange[];
  /** Numbers that two names cover: further shards of a large output, or those of another request. */
  readonly overlaps: readonly NumberRange[];
}

interface FindOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The shards of an output prefix; those of longer prefixes in the same listing are left out. */
export async function findShards(
  store: ObjectStore,
  prefix: string,
  options: FindOptions = {},
): Promise<ShardSet> {
  const shards: Shard[] = [];
  for await (const object of store.list(`${prefix}output-`, options)) {
    const parsed = parseShard(object);
    if (parsed?.prefix === prefix) shards.push(parsed.shard);
  }
  return shardSet(prefix, shards);
}

/** Every output prefix that has shards at or below a prefix, in the order of their names. */
export async function findOutputPrefixes(
  store: ObjectStore,
  prefix: string,
  options: FindOptions = {},
): Promise<readonly string[]> {
  const prefixes = new Set<string>();
  for await (const object of store.list(prefix, options)) {
    const parsed = parseShard(object);
    if (parsed?.prefix.startsWith(prefix) === true) prefixes.add(parsed.prefix);
  }
  return [...prefixes];
}

function shardSet(prefix: string, shards: Shard[]): ShardSet {
  shards.sort(compareShards);
  return { prefix, shards, ...coverage(shards) };
}

/** The numbers before the last that none of some shards covers, and those that two cover; they come by number. */
export function coverage(shards: readonly ShardNumbers[]): Pick<ShardSet, "gaps" | "overlaps"> {
  const gaps: NumberRange[] = [];
  const overlaps: NumberRange[] = [];
  let covered = 0;
  for (const { first, last } of shards) {
    if (first > covered + 1) gaps.push({ first: covered + 1, last: first - 1 });
    if (first <= covered) overlaps.push({ first, last: Math.min(last, covered) });
    covered = Math.max(covered, last);
  }
  return { gaps, overlaps };
}
