import { join } from "node:path";
import { bucket, features, imageUris, printMeasurement, runArguments } from "./run-load.mjs";

const { grpcPort, apiEndpoint, count, folder } = runArguments();
const start = performance.now();
const { createCloudStorageStore, openRuns } = await import("vision-batch");
const { PassThroughClient } = await import("google-auth-library");
const runs = await openRuns({
  journal: `sqlite:${join(folder, "runs.db")}`,
  client: { endpoint: `localhost:${grpcPort}`, authClient: new PassThroughClient() },
  store: createCloudStorageStore({ apiEndpoint }),
});
const run = await runs.start({
  ...{ id: "run", features, inputs: imageUris(count), output: `gs://${bucket}/` },
  limits: { maxImagesInProcessing: count },
});
let [responses, characters] = [0, 0];
for await (const record of run.results({ readMask: "fullTextAnnotation.text" })) {
  if (record.status !== "succeeded") continue;
  responses += 1;
  characters += record.response.fullTextAnnotation?.text?.length ?? 0;
}
const ms = performance.now() - start;
await runs.close();
printMeasurement({ ms, responses, characters });
