import { join } from "node:path";
import { openRunsOver } from "../../src/runs/index.ts";
import { VirtualOutput } from "../growth/virtual-output.ts";
import { VirtualVision } from "../growth/virtual-vision.ts";
import { VirtualClock } from "../poll/virtual-clock.ts";
import { imageUris } from "./plan-load.mjs";

const operationMs = 30_000;

const [folder = "", length = "", total = ""] = process.argv.slice(2);
const [images, all] = [Number(length), Number(total)];
let [polls, done] = [0, 0];
while (done < all) {
  polls += await annotate(`run-${done}`);
  done += images;
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const cpuUsPerImage = (userCPUTime + systemCPUTime) / done;
console.log(JSON.stringify({ cpuUsPerImage, rssMiB: maxRSS / 1024, polls }));

/** A whole run, in a journal of its own; tells how often operations were read. @param {string} id */
async function annotate(id) {
  const clock = new VirtualClock();
  const output = new VirtualOutput();
  const service = new VirtualVision(clock, { output, operationMs });
  const epochMs = Date.UTC(2026, 0, 1);
  const runs = await openRunsOver(
    { service, store: output },
    {
      journal: `sqlite:${join(folder, `${id}.db`)}`,
      clock: {
        now: () => epochMs + clock.now(),
        sleep: (ms, signal) => clock.sleep(ms, signal),
      },
    },
  );
  const run = await runs.start({
    ...{ id, features: ["LABEL_DETECTION"], output: "gs://virtual/out/" },
    inputs: imageUris(images, { uriBytes: 0 }),
  });
  const { state, inputs } = await clock.until(run.wait());
  await clock.until(runs.close());
  if (state !== "done" || inputs.succeeded !== images) {
    throw new Error(`the run is ${state}: ${JSON.stringify(inputs)}`);
  }
  return service.sent.polls;
}
