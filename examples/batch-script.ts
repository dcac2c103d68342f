/**
 * Annotates images in Cloud Storage in ten lines, through crashes: started again with the same arguments,
 * it goes on where it was, and sends nothing twice.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/batch-script.ts gs://my-bucket/results/ gs://my-bucket/scans/1.png ... > results.ndjson
 *
 * The first argument is the output prefix; `batch.db` in the working folder remembers what was sent.
 * Credentials are those of the environment (`gcloud auth application-default login`); without Google,
 * start `npx vision-batch emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to what it
 * prints.
 */
import { openRuns } from "vision-batch";

const [output = "", ...inputs] = process.argv.slice(2);
await using runs = await openRuns({ journal: "sqlite:batch.db" });
const run = await runs.start({ id: "batch", inputs, features: ["TEXT_DETECTION"], output });
for await (const record of run.results({ readMask: "fullTextAnnotation.text" })) {
  const text = record.status === "succeeded" ? record.response.fullTextAnnotation?.text : undefined;
  console.log(JSON.stringify({ uri: record.uri, status: record.status, text }));
  if (record.status !== "succeeded") process.exitCode = 1;
}
