import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const recorded = [{ uri: "*", response: { labelAnnotations: [{ description: "Receipt" }] } }];

const guide: Guide = {
  emulator: { recordings: recorded },
  files: {
    "receipt.png": await readFile(join(root, "examples/inputs/receipt.png")),
    "recorded/index.json": JSON.stringify(recorded),
    "gs://scans/1.png": "an image",
  },
  blocks: [
    { under: "Start it from the command line", staysUp: /"event":"listening"/ },
    {
      under: "Start it from the command line",
      tells: ["succeeded"],
      writes: { "text.ndjson": [/"input":"receipt.png".*"succeeded".*CORNER CAFE/] },
    },
    { under: "Start it in tests", prints: ["gs://scans/1.png Receipt", "1 submit"] },
    { under: "Fault rules", prints: ["unknown", "1 accepted, and would be billed"] },
    {
      under: "Ask it, and steer it",
      contains: ['"injected fault"', '"method":"AsyncBatchAnnotateImages"', "}{}"],
      writes: { "labels.ndjson": ['"status":"succeeded"'] },
    },
    { under: "With Google's own clients", prints: ["official/output-1-to-1.json"] },
    { under: "From other languages", contains: ['"Receipt"', '"name":"hello.txt"', "}hello"] },
  ],
};

export default guide;
