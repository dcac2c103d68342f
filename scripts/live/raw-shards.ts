import { parseShard } from "../../src/results/shard-name.ts";
import type { ObjectInfo } from "../../src/storage/index.ts";
import { collect } from "./collect.ts";
import type { LiveContext } from "./live-context.ts";

/** A shard as it lies in the bucket, without the join to the inputs that hides its order. */
export interface RawShard {
  /** What follows the output prefix. */
  readonly name: string;
  /** The numbers in the name; undefined where it is not of the known form. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Beside or in place of the responses. */
  readonly error?: unknown;
  readonly responses: readonly RawResponse[];
}

/** One response of a shard. */
export interface RawResponse {
  readonly uri: string | undefined;
  readonly pageNumber?: number;
  /** The fields that it has beside its context, e.g. `imagePropertiesAnnotation`, `error`. */
  readonly fields: readonly string[];
  readonly error?: unknown;
}

/** Everything under a prefix, in the order of the listing. */
export async function listAll(
  { store, signal }: LiveContext,
  prefix: string,
): Promise<readonly ObjectInfo[]> {
  return collect(store.list(prefix, { signal }));
}

/** Reads everything under an output prefix as shards, by number where the names have one. */
export async function readRawShards(
  context: LiveContext,
  prefix: string,
): Promise<readonly RawShard[]> {
  const objects = await listAll(context, prefix);
  const shards = await Promise.all(objects.map((object) => readOne(context, prefix, object)));
  return shards.sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
}

async function readOne(
  { store, signal }: LiveContext,
  prefix: string,
  object: ObjectInfo,
): Promise<RawShard> {
  const parts = await collect(store.read(object.uri, { signal }));
  const parsed = parseShard(object);
  const content = JSON.parse(Buffer.concat(parts).toString("utf8")) as Content;
  return {
    name: object.uri.slice(prefix.length),
    first: parsed?.shard.first,
    last: parsed?.shard.last,
    ...(content.error === undefined ? {} : { error: content.error }),
    responses: (content.responses ?? []).map(rawResponse),
  };
}

interface Content {
  readonly error?: unknown;
  readonly responses?: readonly Response[];
}

interface Response {
  readonly context?: { readonly uri?: string; readonly pageNumber?: number };
  readonly error?: unknown;
}

function rawResponse(response: Response): RawResponse {
  const { context, ...rest } = response;
  return {
    uri: context?.uri,
    ...(context?.pageNumber === undefined ? {} : { pageNumber: context.pageNumber }),
    fields: Object.keys(rest),
    ...(rest.error === undefined ? {} : { error: rest.error }),
  };
}
