import { readResults } from "../../../src/results/index.ts";
import { collect } from "../collect.ts";
import type { LiveContext } from "../live-context.ts";
import { orderedImages, type OrderedImages } from "../ordered-images.ts";
import type { Finding, Probe } from "../probe.ts";
import { orderOf, type ShardOrder } from "../shard-order.ts";

/** How image shards are named and what is where in them. */
export const shardOrder: Probe = {
  key: "shard-order",
  question:
    "How are image shards named and numbered, do responses stand in request order inside and across shards, and what becomes of two requests of one URI?",
  units: 0,
  shared: orderedImages,
  run: async (context) => {
    const work = await context.share(orderedImages);
    const order = orderOf(work.images, work.shards);
    const twins = twinsOf(work, order);
    return {
      observed: describe(order, twins),
      evidence: {
        end: work.end,
        requests: work.images,
        order,
        twins,
        joined: await join(context, work),
      },
    };
  },
};

interface Twins {
  readonly requests: readonly number[];
  /** Responses with their URI. */
  readonly responses: number;
  /** Those of them that answer a request, in the order of the shards. */
  readonly answered: readonly number[];
}

function twinsOf({ images, shards }: OrderedImages, order: ShardOrder): Twins {
  const uris = images.map(({ uri }) => uri);
  const requests = uris.flatMap((uri, at) =>
    uris.indexOf(uri) === uris.lastIndexOf(uri) ? [] : [at + 1],
  );
  const twin = uris[(requests[0] ?? 0) - 1];
  const placed = order.shards.flatMap((shard) => shard.requests);
  return {
    requests,
    responses: shards.flatMap(({ responses }) => responses).filter(({ uri }) => uri === twin)
      .length,
    answered: placed.filter((number) => number !== null && requests.includes(number)) as number[],
  };
}

/** What the reader of this package makes of the same shards. */
async function join(
  { store, signal }: LiveContext,
  { prefix, images }: OrderedImages,
): Promise<unknown> {
  const reader = readResults(store, { prefix, inputs: images.map(({ uri }) => uri) }, { signal });
  const statuses = (await collect(reader)).map(({ index, status }) => ({ index, status }));
  const { counts, duplicates, joinedByPlace, unexpected, gaps, overlaps } = reader.manifest ?? {};
  return { statuses, counts, duplicates, joinedByPlace, unexpected, gaps, overlaps };
}

function describe(order: ShardOrder, twins: Twins): Finding["observed"] {
  if (order.shards.length === 0) return "no shard was found";
  const names = order.shards.map(({ name }) => name).join(", ");
  const numbers = order.numbersFit
    ? "the numbers are those of the responses, from 1"
    : "the numbers do not fit the responses";
  const inside = order.orderedInside
    ? "in request order inside a shard"
    : "not in request order inside a shard";
  const across = order.orderedAcross ? "and across shards" : "and not across shards";
  return `${names}: ${numbers}; ${inside} ${across}; ${twins.requests.length} requests of one URI got ${twins.responses} responses`;
}
