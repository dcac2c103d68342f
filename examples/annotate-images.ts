/**
 * Annotates images in Cloud Storage and prints the text that was found in each.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/annotate-images.ts gs://my-bucket/results/monday/ gs://my-bucket/scans/1.png ...
 *
 * The first argument is the output prefix, which should be new. Credentials are those of the
 * environment (`gcloud auth application-default login`); without Google, start `npx vision-batch
 * emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to what it prints.
 */
import { createCloudStorageStore, readResults, SubmitError, VisionBatchClient } from "vision-batch";

const [prefix, ...uris] = process.argv.slice(2);
if (prefix === undefined || uris.length === 0) {
  console.error("usage: node examples/annotate-images.ts OUTPUT_PREFIX IMAGE...");
  process.exit(2);
}
// Ctrl-C stops the watching and asks the service to cancel the operation.
const interrupt = new AbortController();
process.once("SIGINT", () => {
  interrupt.abort(new Error("interrupted"));
});

await using client = new VisionBatchClient();
try {
  const operation = await client.asyncBatchAnnotateImages({
    requests: uris.map((imageUri) => ({
      image: { source: { imageUri } },
      features: [{ type: "TEXT_DETECTION" }],
    })),
    outputConfig: { gcsDestination: { uri: prefix } },
  });
  console.log(`accepted as ${operation.name}`);
  await operation.wait({ signal: interrupt.signal, cancelOnAbort: true });
} catch (error) {
  if (error instanceof SubmitError && error.outcome === "unknown") {
    console.error(`look under ${prefix} before you send this again: it may be billed`);
  }
  throw error;
}

const results = readResults(createCloudStorageStore(), { prefix, inputs: uris });
for await (const record of results) {
  const text = record.status === "succeeded" ? record.response.fullTextAnnotation?.text : undefined;
  console.log(`${record.uri}: ${JSON.stringify(text ?? record.status)}`);
}
console.log(results.manifest?.counts);
