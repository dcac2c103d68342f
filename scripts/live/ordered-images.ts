import type { JsonObject } from "../../src/protocol/json-codec.ts";
import type { LiveContext } from "./live-context.ts";
import { OutputWatch, type Look, type ShardSighting } from "./output-watch.ts";
import type { SharedWork } from "./probe.ts";
import { readRawShards, type RawShard } from "./raw-shards.ts";
import { endOf, follow, submitImages, type Ending, type ImageItem } from "./submit.ts";

/** An operation of images that was watched together with its output. */
export interface OrderedImages {
  readonly images: readonly ImageItem[];
  readonly prefix: string;
  readonly looks: readonly Look[];
  readonly reads: number;
  readonly sightings: readonly ShardSighting[];
  readonly shards: readonly RawShard[];
  readonly end: Ending;
  /** The operation at its end, in proto3 JSON. */
  readonly operation: JsonObject;
}

/** Three shards, the last one shorter. */
const batchSize = 5;
/** Where the two requests of one picture stand, in different shards. */
const twin = { first: 2, second: 7 };

/** Twelve images in shards of five, watched from the submit to the end and a little longer. */
export const orderedImages: SharedWork<OrderedImages> = {
  purpose: "order of 12 images in shards of 5",
  units: 12,
  async run(context) {
    const prefix = context.output("ordered");
    const images = imagesOf(context);
    const watch = new OutputWatch(context, prefix);
    const { purpose } = orderedImages;
    const handle = await submitImages(context, { purpose, images, prefix, batchSize });
    const event = await follow(context, handle, (seen) => watch.note(seen));
    await watch.listAfterEnd();
    const operation = context.raw.toJson(event.operation);
    const shards = await readRawShards(context, prefix);
    const { looks, reads, sightings } = watch;
    return { images, prefix, looks, reads, sightings, shards, end: endOf(event), operation };
  },
};

/** The two requests of one picture ask for different things, so that their answers can be told apart. */
function imagesOf({ inputs }: LiveContext): readonly ImageItem[] {
  const image = (uri: string): ImageItem => ({ uri, feature: "IMAGE_PROPERTIES" });
  const images = inputs.pictures.map(image);
  images.splice(twin.first, 0, image(inputs.picture));
  images.splice(twin.second, 0, { uri: inputs.picture, feature: "CROP_HINTS" });
  return images;
}
