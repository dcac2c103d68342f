import type { RawResponse, RawShard } from "./raw-shards.ts";
import type { ImageItem } from "./submit.ts";

/** Which requests the responses of a shard answer. */
export interface ShardPlaces {
  readonly name: string;
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** The number of each response's request, from 1; `null` where it answers none. */
  readonly requests: readonly (number | null)[];
}

/** What the order of the responses in all shards is like. */
export interface ShardOrder {
  readonly shards: readonly ShardPlaces[];
  /** Each shard has as many responses as its numbers say, and together they cover every request once. */
  readonly numbersFit: boolean;
  /** The requests of each shard ascend. */
  readonly orderedInside: boolean;
  /** The requests ascend through all shards, by number. */
  readonly orderedAcross: boolean;
  /** Numbers of the requests that no response answers. */
  readonly unanswered: readonly number[];
}

/** Finds out which request each response answers, and whether they come in order. */
export function orderOf(images: readonly ImageItem[], shards: readonly RawShard[]): ShardOrder {
  const free = new Set(images.keys());
  const places = shards.map(({ name, first, last, responses }) => ({
    ...{ name, first, last },
    requests: responses.map((response) => take(images, free, response)),
  }));
  const all = places.flatMap(({ requests }) => requests);
  return {
    shards: places,
    numbersFit: numbersFit(places, images.length),
    orderedInside: places.every(({ requests }) => ascends(requests)),
    orderedAcross: ascends(all),
    unanswered: [...free].map((index) => index + 1),
  };
}

/** By URI, and by what was asked for where two requests share one. */
function take(
  images: readonly ImageItem[],
  free: Set<number>,
  response: RawResponse,
): number | null {
  const index = [...free].find((at) => {
    const image = images[at];
    return image?.uri === response.uri && image?.feature === featureOf(response);
  });
  if (index === undefined) return null;
  free.delete(index);
  return index + 1;
}

/** The service may add crop hints to properties, never the other way round. */
function featureOf({ fields }: RawResponse): ImageItem["feature"] | undefined {
  if (fields.includes("imagePropertiesAnnotation")) return "IMAGE_PROPERTIES";
  return fields.includes("cropHintsAnnotation") ? "CROP_HINTS" : undefined;
}

function numbersFit(shards: readonly ShardPlaces[], count: number): boolean {
  let next = 1;
  for (const { first, last, requests } of shards) {
    if (first !== next || last !== first + requests.length - 1) return false;
    next = last + 1;
  }
  return next === count + 1;
}

function ascends(numbers: readonly (number | null)[]): boolean {
  return numbers.every((number, index) => {
    const before = index === 0 ? 0 : numbers[index - 1];
    return number !== null && before !== null && before !== undefined && before < number;
  });
}
