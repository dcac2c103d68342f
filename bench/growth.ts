import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Bench } from "./bench.ts";
import { measureChild, type Measurement } from "./child-process.ts";

const lengths = [10_000, 100_000, 1_000_000] as const;
const total = 1_000_000;
const rounds = 2;

/**
 * What an image costs in runs of 10,000, 100,000 and 1,000,000 of them: the time of the processor, and the
 * memory at its most. A fresh process annotates a million images in runs of one length, each in a journal
 * of its own: what is compiled, and the garbage that V8 lets lie in a process that has worked for long,
 * are the same for every length.
 *
 * Service and store are in the same process, in virtual time, with operations of 30 s and short responses.
 * Planning, journal, checking and encoding requests, following operations, reading statuses and manifests
 * are what runs do in earnest; making the shards is counted with them.
 */
export const growthBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
  try {
    const measured = lengths.map((): Measurement[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, images] of lengths.entries()) {
        report(`a million images in runs of ${images}, round ${round + 1} of ${rounds}`);
        measured[index]?.push(await measure(root, images));
      }
    }
    const [few, some, many] = measured.map(
      (all) =>
        (name: string): number =>
          median(all.map((each) => each[name] ?? Number.NaN)),
    );
    const growth = (name: string, from = few): number =>
      (many?.(name) ?? Number.NaN) / (from?.(name) ?? Number.NaN);
    return {
      figures: {
        cpuPerImageGrowth: growth("cpuUsPerImage", few),
        rssGrowth: growth("rssMiB", few),
        cpuPerImageGrowthOf100k: growth("cpuUsPerImage", some),
        rssGrowthOf100k: growth("rssMiB", some),
        cpuUsPerImage: many?.("cpuUsPerImage") ?? Number.NaN,
        rssMiB: many?.("rssMiB") ?? Number.NaN,
      },
      bounds: { cpuPerImageGrowth: { max: 1.15 }, rssGrowth: { max: 1.2 } },
    };
  } finally {
    rmSync(root, { recursive: true });
  }
};

async function measure(root: string, images: number): Promise<Measurement> {
  const folder = mkdtempSync(join(root, "runs-"));
  try {
    return await measureChild("growth.mjs", [folder, String(images), String(total)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
