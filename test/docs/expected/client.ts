import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [
    { under: "Make one", prints: ["total 42"] },
    { under: "Operations", contains: ["state ", "gs://my-bucket/results/tuesday/"] },
    { under: "Many operations", contains: ["succeeded 50 of 50"] },
    { under: "Product Search", prints: [/^projects\/.*\/products\/sneaker Sneaker, red$/] },
    {
      under: "From the command line",
      prints: [/"operation":|"name":/],
      writes: {
        "tokens.ndjson": [/operations\//],
        "results.ndjson": [/gs:\/\/my-bucket\/scans\/1.png.*"succeeded"/],
      },
    },
  ],
};

export default guide;
