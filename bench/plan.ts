import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleChild } from "./bundled-child.ts";
import { median, type Bench } from "./bench.ts";
import { measureChild, type Measurement } from "./child-process.ts";

const inputs = 10_000_000;
/** Rounds of a tenth of that, in turn with the peer, whose middle ratio is what counts. */
const rounds = 5;
const fewerInputs = 1_000_000;

/**
 * Planning and journalling inputs, against a bare bulk insert of one row an input into the same
 * SQLite with the same pragmas, in transactions of 10,000: nothing checked, compared or cut. Memory for
 * inputs that an async generator gives is compared with a loop that does nothing but read them.
 */
export const planBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
  try {
    const oursScript = await bundleChild("plan-ours.mjs");
    report(`${fewerInputs} inputs: ${rounds} rounds of fresh processes, in turn`);
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const bare = await measure("plan-bare.mjs", fewerInputs);
      const ours = await measure(oursScript, fewerInputs);
      if (round > 0) ratios.push(msOf(ours) / msOf(bare));
    }
    report(`${inputs} inputs, once each`);
    const bare = await measure("plan-bare.mjs", inputs);
    const ours = await measure(oursScript, inputs);
    report(`${inputs} inputs that are waited for, once each`);
    const later = await measure(oursScript, inputs, "later");
    const read = await measureChild("plan-read.mjs", [String(inputs)]);
    return {
      figures: {
        planRatio: msOf(ours) / msOf(bare),
        planRatioOfAMillion: median(ratios),
        rssMiB: rssOf(ours),
        bytesPerInput: ours["bytesPerInput"] ?? Number.NaN,
        // A promise an input lets V8 make its young generation as large as it gets, whatever is done with it.
        laterRssRatio: rssOf(later) / rssOf(read),
        laterRssMiB: rssOf(later),
        laterReadRssMiB: rssOf(read),
        planMs: msOf(ours),
        bareMs: msOf(bare),
        bareRssMiB: rssOf(bare),
        bareBytesPerInput: bare["bytesPerInput"] ?? Number.NaN,
      },
      bounds: {
        planRatio: { max: 1.5 },
        planRatioOfAMillion: { max: 1.5 },
        rssMiB: { max: 200 },
        laterRssRatio: { max: 1.25 },
        bytesPerInput: { max: 40 },
      },
    };
  } finally {
    rmSync(root, { recursive: true });
  }

  async function measure(script: string, count: number, ...way: string[]): Promise<Measurement> {
    const path = join(root, "journal.db");
    try {
      return await measureChild(script, [path, String(count), ...way]);
    } finally {
      rmSync(path, { force: true });
    }
  }
};

function msOf({ ms }: Measurement): number {
  return ms ?? Number.NaN;
}

function rssOf({ rssMiB }: Measurement): number {
  return rssMiB ?? Number.NaN;
}
