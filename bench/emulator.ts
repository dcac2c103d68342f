import { median, type Bench } from "./bench.ts";
import { alternate } from "./child-process.ts";

const rounds = 7;

/**
 * Images a second of the emulator's shard writing, with recorded responses of 2 kB and 20 of them a
 * shard, against a bare loop of JSON.stringify and fs.writeFile that writes the same shards.
 */
export const emulatorBench: Bench = async (report) => {
  report(`${rounds} rounds of fresh processes, in turn`);
  const { ours, theirs } = await alternate(["shards-emulator.mjs", "shards-bare.mjs"], [], rounds);
  const rate = (all: readonly Readonly<Record<string, number>>[]): number =>
    median(all.map(({ imagesPerSecond }) => imagesPerSecond ?? Number.NaN));
  const bytes = new Set([...ours, ...theirs].map(({ shardBytes }) => shardBytes));
  if (bytes.size !== 1) throw new Error(`the shards differ in size: ${[...bytes].join(", ")}`);
  const [emulator, bare] = [rate(ours), rate(theirs)];
  return {
    figures: {
      imagesPerSecondRatio: emulator / bare,
      emulatorImagesPerSecond: emulator,
      bareImagesPerSecond: bare,
    },
    bounds: { imagesPerSecondRatio: { min: 0.5 } },
  };
};
