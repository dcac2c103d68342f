import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const receipt = await readFile(join(root, "examples/inputs/receipt.png"));
const report = await readFile(join(root, "examples/inputs/report.pdf"));

const guide: Guide = {
  files: {
    "scans/receipt.png": receipt,
    "scans/report.pdf": report,
    "gs://scans/receipt.png": receipt,
    "gs://scans/report.pdf": report,
  },
  blocks: [
    {
      under: "Make one",
      prints: [],
      tells: [/4 images and pages, 4 with a picture: open .*\/monday\.html/],
      writes: { "monday.html": [/^<!doctype html>/, "total 42", "data:image/jpeg;base64,"] },
    },
    {
      under: "Of a run",
      prints: ["data", "images", "index.html", "report.css", "report.js"],
      tells: [/4 images and pages, 4 with a picture: open .*\/report\/index\.html/],
      writes: { "report/index.html": ["<title>Scans of 2026</title>", '"id":"scans"'] },
    },
    {
      under: "From a program",
      prints: ["1 written, 1 with a picture"],
      writes: { "receipts/index.html": ["<title>Receipts</title>", '"id":"receipts"'] },
    },
  ],
};

export default guide;
