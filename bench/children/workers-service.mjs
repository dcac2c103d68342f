import { randomUUID } from "node:crypto";
import { openRuns } from "vision-batch";
import { bucket, features, imageUris } from "./run-load.mjs";
import { answer, connect, servicePace } from "./workers-load.mjs";

const [journal = "", grpc = "", http = "", count = ""] = process.argv.slice(2);
const output = `gs://${bucket}/`;
const limits = { maxImagesInProcessing: 1_000_000 };
const { client, store } = connect({ grpc, http, pace: servicePace });
const runs = await openRuns({ journal, client, store, drive: false });

answer(
  {
    ready: () => ({}),
    /** A run of all images. */
    start: async () => {
      await runs.start({ id: "run", features, output, inputs: imageUris(Number(count)), limits });
      return {};
    },
    /** A run of as many images, with names that nothing makes shorter. */
    startRandom: async () => {
      await runs.start({ id: "random", features, output, inputs: randomUris(), limits });
      return {};
    },
    progress: async () => {
      const { chunks, inputs } = await (await runs.get("run")).snapshot();
      return { running: chunks.running, open: inputs.open, succeeded: inputs.succeeded };
    },
    /** Runs whose operations go on. */
    startRunning: () => startMany("running", { limits }),
    /** Runs that wait until the first of them leaves them room. */
    startWaiting: () =>
      startMany("waiting", { scope: "full", limits: { maxImagesInProcessing: 1 } }),
    /** Runs that are paused. */
    startPaused: async () => {
      for (const id of await startMany("paused", { limits })) await runs.pause(id);
      return {};
    },
  },
  async () => {
    await runs.close();
    await client.close();
  },
);

function* randomUris() {
  for (let index = 0; index < Number(count); index += 1) yield `gs://${bucket}/${randomUUID()}.jpg`;
}

/**
 * Starts so many runs of one image each.
 * @param {string} name
 * @param {{ scope?: string, limits: import("vision-batch").RunLimits }} options
 */
async function startMany(name, options) {
  const ids = Array.from({ length: Number(count) }, (_, index) => `${name}-${index}`);
  for (const id of ids) {
    await runs.start({ id, features, output, inputs: [`gs://${bucket}/${id}.jpg`], ...options });
  }
  return ids;
}
