import { median, type Bench } from "./bench.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { alternate } from "./child-process.ts";

const rounds = 7;

/** Submits of 2,000 images, 16 in flight, against @google-cloud/vision, which does not validate them. */
export const submitBench: Bench = async (report) => {
  report(`${rounds} rounds of fresh processes, in turn`);
  const server = await startAnsweringServer();
  try {
    const scripts = ["submit-ours.mjs", "submit-theirs.mjs"] as const;
    const { ours, theirs } = await alternate(scripts, [server.address], rounds);
    const rate = (all: readonly Readonly<Record<string, number>>[]): number =>
      median(all.map(({ msPerSubmit }) => msPerSubmit ?? Number.NaN));
    const [ourMs, theirMs] = [rate(ours), rate(theirs)];
    return {
      figures: { submitRatio: ourMs / theirMs, ourMsPerSubmit: ourMs, theirMsPerSubmit: theirMs },
      bounds: { submitRatio: { max: 0.85 } },
    };
  } finally {
    server.stop();
  }
};
