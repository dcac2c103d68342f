/**
 * Starts a job in one process and finishes it in another, which may run days later.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/resume.ts start gs://my-bucket/results/monday/ gs://my-bucket/scans/1.png > token.json
 *   node examples/resume.ts finish < token.json
 *
 * Credentials are those of the environment (`gcloud auth application-default login`); without
 * Google, start `npx vision-batch emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to
 * what it prints.
 */
import { text } from "node:stream/consumers";
import { createCloudStorageStore, readResults, VisionBatchClient } from "vision-batch";
import type { AsyncBatchAnnotateImagesResponse } from "vision-batch/v1";

const [step, prefix = "", ...uris] = process.argv.slice(2);
await using client = new VisionBatchClient();
if (step === "start") await start();
else if (step === "finish") await finish();
else {
  console.error("usage: node examples/resume.ts start OUTPUT_PREFIX IMAGE... | finish < TOKEN");
  process.exitCode = 2;
}

async function start(): Promise<void> {
  const operation = await client.asyncBatchAnnotateImages({
    requests: uris.map((imageUri) => ({
      image: { source: { imageUri } },
      features: [{ type: "TEXT_DETECTION" }],
    })),
    outputConfig: { gcsDestination: { uri: prefix } },
  });
  console.log(JSON.stringify(operation));
}

async function finish(): Promise<void> {
  const token = await text(process.stdin);
  const operation = client.operation<AsyncBatchAnnotateImagesResponse>(token);
  for await (const event of operation) console.error(`${operation.name}: ${event.type}`);
  const { outputConfig } = await operation.wait();
  const output = outputConfig?.gcsDestination?.uri ?? "";
  for await (const record of readResults(createCloudStorageStore(), output)) {
    console.log(JSON.stringify({ uri: record.uri, status: record.status }));
  }
}
