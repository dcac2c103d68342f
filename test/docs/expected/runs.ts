import type { Guide } from "../guide.ts";

const guide: Guide = {
  emulator: {
    recordings: [
      { uri: "gs://scans/torn.png", response: { error: { code: 3, message: "Bad image data." } } },
      { uri: "*", response: { fullTextAnnotation: { text: "total 42" } } },
    ],
    // The submit of "unlucky": two of the first run, one of its retry.
    faults: [
      {
        method: "AsyncBatchAnnotateImages",
        nth: 4,
        status: { code: "UNAVAILABLE", message: "the connection was lost" },
      },
    ],
  },
  files: {
    "list.tsv": "gs://scans/1.png\tfirst\ngs://scans/torn.png\tsecond\n\ngs://scans/3.png\tthird\n",
    "uris.txt": "gs://scans/1.png\ngs://scans/2.png\n",
  },
  blocks: [
    {
      under: "Start one",
      prints: [
        /^\d \w+ (succeeded|failed)$/,
        /^\d \w+ (succeeded|failed)$/,
        /^\d \w+ (succeeded|failed)$/,
        "done 2 of 3 by 2 requests",
        "3 units, 0 USD",
      ],
      contains: ["0 first succeeded\n", "1 second failed\n", "2 third succeeded\n"],
    },
    { under: "When the process ends", prints: ["done 0 open"] },
    {
      under: "Follow it",
      prints: [
        "done 0 open 0 running 0",
        "chunk 0, place 1: failed, below gs://results/archive-2026/000000/1/",
        "submitting { attempt: 1 }",
        /^accepted \{ operation: 'projects\/emulator\/operations\/\w+' \}$/,
        "operationEnded { as: 'succeeded' }",
        "ended { state: 'done', counts: { succeeded: 1, failed: 1 } }",
      ],
    },
    {
      under: "When inputs have failed",
      prints: ["sent again: 1 in 1 request", "after round 1 still failed: 1"],
    },
    {
      under: "When nobody knows whether a request was accepted",
      prints: ["submits of unknown fate: 1", "1 succeeded"],
    },
    {
      under: "Before it costs money",
      prints: ["5 requests, 500 shards, 10 minutes at least", "15 USD"],
    },
    {
      under: "From the command line",
      contains: [
        /^archive-2026 +done +3 +0 +1 /m,
        "input 1: gs://scans/torn.png (second)",
        "sent again by a later chunk",
        "some have failed",
        /^requests \(operations\) +1$/m,
      ],
      tells: ["run scans is forgotten"],
      writes: { "archive.txt": ["total 42"] },
    },
  ],
};

export default guide;
