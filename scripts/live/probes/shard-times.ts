import { orderedImages, type OrderedImages } from "../ordered-images.ts";
import type { Probe } from "../probe.ts";

/** Whether results can be read while an operation runs. */
export const shardTimes: Probe = {
  key: "shard-times",
  question: "Do shards appear while the operation runs, or only at its end, or after it?",
  units: 0,
  shared: orderedImages,
  run: async (context) => {
    const { end, reads, looks, sightings, operation } = await context.share(orderedImages);
    const evidence = { end, reads, looks, sightings, metadataAtEnd: operation["metadata"] };
    return { observed: describe(sightings, reads), evidence };
  },
};

function describe(sightings: OrderedImages["sightings"], reads: number): string {
  const count = (seen: string): number => sightings.filter((one) => one.seen === seen).length;
  const all = sightings.length;
  if (all === 0) return "no shard was found";
  const late = count("afterEnd");
  if (late > 0) return `${late} of ${all} shards appeared after the operation had ended`;
  const early = count("whileRunning");
  if (early > 0) return `while it runs: ${early} of ${all} shards were there while it was running`;
  return `only at the end: none of ${all} shards was there while it was running, in ${reads} reads`;
}
