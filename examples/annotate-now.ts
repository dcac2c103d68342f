/**
 * Annotates images and documents at once, however many, and prints the text of each: a bucket is not
 * needed, files are sent as they are.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/annotate-now.ts scans/1.png gs://my-bucket/scans/2.png report.pdf ...
 *
 * Credentials are those of the environment (`gcloud auth application-default login`); without
 * Google, start `npx vision-batch emulator` and set VISION_EMULATOR_HOST to what it prints.
 */
import { SubmitError, VisionBatchClient } from "vision-batch";

const inputs = process.argv.slice(2);
if (inputs.length === 0) {
  console.error("usage: node examples/annotate-now.ts FILE...");
  process.exit(2);
}
const isDocument = (name: string): boolean => /\.(pdf|tiff?|gif)$/i.test(name);
const images = inputs.filter((name) => !isDocument(name));
const documents = inputs.filter(isDocument);

await using client = new VisionBatchClient();
// Requests of up to 16 images, 4 at a time; records come in the order of the inputs.
for await (const record of client.annotateImages(images, { features: ["TEXT_DETECTION"] })) {
  if (record.status === "succeeded") {
    print(record.input, record.response.fullTextAnnotation?.text);
  } else if (record.error instanceof SubmitError && record.error.outcome === "unknown") {
    console.error(`${record.input}: sent, and perhaps billed, but not answered`);
  } else {
    console.error(`${record.input}: ${record.error?.message ?? record.status}`);
  }
}
// 5 pages a request, until the document ends.
const features = ["DOCUMENT_TEXT_DETECTION"] as const;
for await (const record of client.annotateFiles(documents, { features })) {
  const name = `${record.input}, page ${record.page ?? "?"}`;
  if (record.status === "succeeded") print(name, record.response.fullTextAnnotation?.text);
  else console.error(`${name}: ${record.error?.message ?? record.status}`);
}

function print(name: string, text = ""): void {
  console.log(`${name}: ${JSON.stringify(text)}`);
}
