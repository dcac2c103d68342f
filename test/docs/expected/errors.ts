import type { Guide } from "../guide.ts";

const guide: Guide = {
  files: { "uris.txt": "gs://my-bucket/scans/1.png\n" },
  blocks: [
    {
      under: "Requests that cannot be sent",
      prints: [
        /^requests\[0\]\.image\.source\.imageUri https:\/\/example\.com\/cat\.jpg/,
        /^outputConfig\.batchSize 500/,
      ],
    },
    { under: "Submits: rejected and unknown", prints: ["accepted true"] },
    { under: "Operations", prints: ["done"] },
    { under: "Results", contains: [/^counts \{ succeeded: 1,/] },
    { under: "Runs", prints: ["2 of 2 succeeded, 0 to decide"] },
    { under: "In logs, and across processes", prints: ["true InvalidRequestError"] },
    {
      under: "Exit codes",
      prints: ["complete"],
      writes: { "results.ndjson": ['"status":"succeeded"'] },
    },
  ],
};

export default guide;
