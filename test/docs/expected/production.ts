import { join } from "node:path";
import { openRuns } from "../../../src/index.ts";
import type { Guide, GuidePlace } from "../guide.ts";

/** A run of one request whose answer was lost, and of which nothing was found. */
async function leaveUndecided({ emulator: { emulator }, folder }: GuidePlace) {
  const { grpc, http, admin } = emulator;
  await using runs = await openRuns({
    journal: `sqlite:${join(folder, "vision-batch-runs.db")}`,
    client: { emulator: { grpc, rest: http } },
  });
  const drop = { service: "vision", nth: 1, dropConnection: true } as const;
  admin.setFaults([{ method: "AsyncBatchAnnotateImages", ...drop }]);
  const run = await runs.start({
    ...{ id: "scans", features: ["TEXT_DETECTION"], output: "gs://results/", quarantineMs: 0 },
    inputs: ["gs://scans/1.png", "gs://scans/2.png"],
  });
  for await (const { undecided } of run.progress({ intervalMs: 20 })) if (undecided > 0) break;
  return {};
}

const guide: Guide = {
  files: { "uris.txt": "gs://scans/1.png\ngs://scans/2.png\n" },
  prepare: leaveUndecided,
  blocks: [
    { under: "What to run", notRun: "it needs a PostgreSQL at a name that is not here" },
    {
      under: "What to alert on",
      prints: ["scans running 2 of 2 open 0 USD", " chunks that wait for a decision: 1"],
    },
    {
      under: "When a run waits for a decision",
      contains: ["1 unknown", "decide with: vision-batch runs decide scans 0 resubmit"],
      tells: ["chunk 0 of run scans: resubmit", "succeeded                2"],
    },
    { under: "Backup", contains: [/^scans +done/m] },
    { under: "Growth and removal", contains: [/^scans +done/m], tells: ["scans"] },
    { under: "Memory", tells: ["succeeded                2"] },
  ],
};

export default guide;
