/**
 * Makes one searchable PDF of the results below a prefix: the pictures of the pages, and their text
 * under them, which can be found and copied.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/searchable-pdf.ts gs://my-bucket/results/monday/ monday.pdf
 *
 * It needs the package @cantoo/pdf-lib. Credentials are those of the environment (`gcloud auth
 * application-default login`); without Google, start `npx vision-batch emulator` and set
 * VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to what it prints.
 */
import { createWriteStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createCloudStorageStore, readResults } from "vision-batch";
import { createPdfExporter } from "vision-batch/export";

const [prefix, file] = process.argv.slice(2);
if (prefix === undefined || file === undefined) {
  console.error("usage: node examples/searchable-pdf.ts OUTPUT_PREFIX FILE");
  process.exit(2);
}

const store = createCloudStorageStore();
const exporter = createPdfExporter({
  readImage: (uri) => buffer(store.read(uri)),
  onImageError: ({ message }) => {
    console.error(message);
  },
  onOmission: ({ uri, page = 1 }) => {
    console.error(`page ${page} of ${uri} is left out: it has neither a picture nor a size`);
  },
});
await pipeline(exporter.export(readResults(store, prefix)), createWriteStream(file));
