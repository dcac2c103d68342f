import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const workers = "Workers: one run on many machines";
const byTerminals = { under: workers, checkedBy: "test/readme-workers.test.ts" };

const guide: Guide = {
  files: {
    "scans/1.png": "an image",
    "report.pdf": await readFile(join(root, "examples/inputs/report.pdf")),
    "gs://bucket/more/2.png": "another image",
    "uris.txt": "gs://bucket/scans/1.png\ngs://bucket/scans/17.png\n",
  },
  blocks: [
    { under: "See it", notRun: "it sets up a clone and runs all tests, these among them" },
    {
      under: "Use it",
      contains: [
        "gs://my-bucket/scans/1.png total 42\n",
        "gs://my-bucket/scans/2.png total 42\n",
        "succeeded: 2,",
      ],
    },
    {
      under: "Runs: a list of any length, through crashes",
      prints: [
        "gs://my-bucket/scans/1.png succeeded total 42",
        "gs://my-bucket/scans/2.png succeeded total 42",
        "done 2 of 2 0 USD",
      ],
    },
    { under: "Go on in another process", prints: ["gs://my-bucket/results/tuesday/"] },
    { under: "Thousands at once", contains: ["succeeded 50 of 50"] },
    { under: "Annotate at once", prints: ["0 total 42", "1 total 42", "total 42"] },
    { under: "Product Search", prints: [/^projects\/.*\/products\/sneaker Sneaker, red$/] },
    {
      under: "Read large results, in part, in order, from where it stopped",
      prints: ["read 0 gs://my-bucket/scans/1.png", "1 total 42"],
    },
    { under: "Export", prints: ["hOCR written: true", "total 42"] },
    {
      under: "When it fails",
      contains: [
        "requests[0].image.source.imageUri https://example.com/cat.jpg",
        "outputConfig.batchSize 500",
      ],
    },
    { under: "Test without Google", contains: ["'unknown'", "\n1\n"] },
    { under: "Test without Google", notRun: "it installs packages from a registry" },
    {
      under: "From the command line",
      tells: ["succeeded                3"],
      writes: {
        "results.ndjson": [
          /^\{"index":0,"input":"scans\/1.png".*"succeeded".*"total 42"/m,
          /^\{"index":1,"input":"gs:\/\/bucket\/more\/2.png".*"succeeded"/m,
          /^\{"index":2,"input":"report.pdf".*"pages":/m,
        ],
      },
    },
    {
      under: "From the command line",
      contains: ["gs://bucket/scans/17.png"],
      tells: ["run scans was over before: done", "there is nothing to send again"],
    },
    { under: "From the command line", tells: ["report/index.html"] },
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
  ],
};

export default guide;
