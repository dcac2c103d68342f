import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const input = (name: string): Promise<Uint8Array> => readFile(join(root, "examples/inputs", name));

const guide: Guide = {
  files: {
    "scans/receipt.png": await input("receipt.png"),
    "scans/report.pdf": await input("report.pdf"),
    "temp/.keep": "",
  },
  blocks: [
    {
      under: "Ten lines",
      prints: ["gs://my-bucket/scans/1.png total 42", "gs://my-bucket/scans/2.png total 42"],
    },
    {
      under: "Try it without Google",
      notRun: "it sets up a clone and runs all tests, these among them",
    },
    {
      under: "Try it without Google",
      tells: ["succeeded                2", "4 images and pages, 4 with a picture"],
      writes: {
        "temp/records.ndjson": [
          /^\{"index":0,"input":"scans\/receipt.png".*CORNER CAFE.*"dominantColors"/m,
          /^\{"index":1,"input":"scans\/report.pdf".*"pages":.*Annual report/m,
        ],
        "temp/report.html": ["CORNER CAFE"],
      },
    },
    { under: "In a project of yours", notRun: "it installs packages from a registry" },
    { under: "In a project of yours", contains: ["scans/receipt.png CORNER CAFE"] },
  ],
};

export default guide;
