import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VisionBatchClient } from "vision-batch";
import { startEmulator } from "vision-batch/emulator";
import { batchSize, imagesPerOperation, operations, response, uriOf } from "./shard-load.mjs";

const recordedDir = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
writeFileSync(join(recordedDir, "index.json"), JSON.stringify([{ uri: "*", response }]));
const emulator = await startEmulator({
  recordedDir,
  recordedFor: "all",
  quotas: { imagesInProcessing: operations * imagesPerOperation },
});
const client = new VisionBatchClient({
  emulator: { grpc: emulator.grpc },
  pollSchedule: { initialMs: 5, multiplier: 1, maxMs: 5, jitter: 0 },
});
await writeAll("warm-up");
const seconds = await writeAll("measured");
await client.close();
const shardBytes = countBytes(join(emulator.directory, "out", "measured"));
await emulator.close();
rmSync(recordedDir, { recursive: true });
console.log(
  JSON.stringify({ imagesPerSecond: (operations * imagesPerOperation) / seconds, shardBytes }),
);

/** Seconds from the release of all operations, accepted before, until each is seen to be done. @param {string} run */
async function writeAll(run) {
  emulator.admin.holdOperations(true);
  const handles = [];
  for (let operation = 0; operation < operations; operation += 1) {
    handles.push(
      await client.asyncBatchAnnotateImages({
        requests: Array.from({ length: imagesPerOperation }, (_, index) => ({
          image: { source: { imageUri: uriOf(operation, index + 1) } },
          features: [{ type: /** @type {const} */ ("LABEL_DETECTION") }],
        })),
        outputConfig: { gcsDestination: { uri: `gs://out/${run}/${operation}/` }, batchSize },
      }),
    );
  }
  const start = performance.now();
  emulator.admin.holdOperations(false);
  emulator.admin.releaseOperation();
  await Promise.all(handles.map((handle) => handle.wait()));
  return (performance.now() - start) / 1000;
}

/** @param {string} folder */
function countBytes(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^output-\d+-to-\d+\.json$/.test(entry.name))
    .reduce((bytes, entry) => bytes + statSync(join(entry.parentPath, entry.name)).size, 0);
}
