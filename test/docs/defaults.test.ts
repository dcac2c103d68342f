import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { VisionBatchClient } from "../../src/client.ts";
import * as limits from "../../src/protocol/limits.ts";
import { resolveChunkSizes } from "../../src/runs/plan/chunk-sizes.ts";
import { resolveWorkerOptions } from "../../src/runs/driver/worker-options.ts";
import { flowLimitsOf } from "../../src/runs/run-options.ts";
import { defaultStepPolicy } from "../../src/runs/steps/index.ts";
import { resolveConnections, resolveWorkerTimes } from "../../src/workers/worker-options.ts";
import { defaultMaxReorderBytes, limitsOf } from "../../src/results/read-options.ts";
import { root } from "./documents.ts";

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;
const { batchSizeRange } = limits;
const batchSize = `${batchSizeRange.min} to ${batchSizeRange.max}, by default ${batchSizeRange.default}`;
const chunkSizes = resolveChunkSizes({});
const flow = flowLimitsOf({});
const reading = limitsOf({});
const times = resolveWorkerTimes({});
const { jobs, journal } = resolveConnections(
  { journal: "", client: new VisionBatchClient() },
  times,
);

/** What the second column says, or the one of this title, of rows whose first one begins so. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "images.md": {
    "images in a request": `1 to ${written(limits.maxImagesPerAsyncRequest)}`,
    "images in a request that is answered at once": `1 to ${limits.maxImagesPerSyncRequest}`,
    "bytes of an image that is sent": `${limits.maxImageBytes / mebibyte} MB`,
    "bytes of a request, as JSON": `${limits.maxRequestBytes / mebibyte} MB`,
    "`batchSize`, responses in a shard": batchSize,
    "`imagesPerRequest`": String(limits.maxImagesPerSyncRequest),
    "`maxReorderBytes`": `${defaultMaxReorderBytes / mebibyte} MiB`,
    "`maxBufferedBytes`": `${reading.maxBufferedBytes / mebibyte} MiB`,
    "`maxResponseBytes`, `maxDepth`": `${reading.maxResponseBytes / mebibyte} MiB, ${reading.maxDepth}`,
  },
  "documents.md": {
    "pages of a file, in an operation": written(limits.maxPagesPerFile),
    "pages of a request that is answered at once": String(limits.maxPagesPerSyncFile),
    "files in a request that is answered at once": String(limits.maxFilesPerSyncRequest),
    "`batchSize`, pages in a shard": batchSize,
  },
  "runs.md": {
    "`batchSize`": String(batchSizeRange.default),
    "`imagesPerChunk`": written(chunkSizes.imagesPerChunk),
    "`filesPerChunk`": String(chunkSizes.filesPerChunk),
    "`limits.maxImagesInProcessing`": written(flow.maxImagesInProcessing),
    "`limits.maxFilesInProcessing`": written(flow.maxFilesInProcessing),
    "`limits.requestsPerMinute`": written(flow.requestsPerMinute),
    "`onUnknownSubmit`": `\`${defaultStepPolicy.onUnknownSubmit}\``,
    "`quarantineMs`": `${defaultStepPolicy.quarantineMs / minuteMs / 60} hours`,
    "`graceMs`": `${defaultStepPolicy.graceMs / minuteMs} minute`,
    "`adoptedGraceMs`": `${defaultStepPolicy.adoptedGraceMs / minuteMs / 60} hour`,
  },
  "workers.md": {
    "`concurrency`": String(times.concurrency),
    "`leaseMs`": `${times.leaseMs / 1000} s`,
    "`closeTimeoutMs`": `${times.closeTimeoutMs / 1000} s`,
    "`maxConnections`": String(jobs + journal + 1),
    "`lookIntervalMs`": written(times.lookIntervalMs),
  },
};

describe("defaults and limits in guides", () => {
  for (const [name, rows] of Object.entries(expected)) {
    it(`are those of the code: docs/${name}`, async () => {
      const text = await readFile(join(root, "docs", name), "utf8");
      const told = rowsOf(text);
      const found = Object.keys(rows).map((first) => [first, told.get(first)]);
      expect(Object.fromEntries(found)).to.deep.equal(rows);
    });
  }

  it("are those of the code: how a process takes part in runs", async () => {
    const text = await readFile(join(root, "docs/runs.md"), "utf8");
    for (const [name, value] of Object.entries(resolveWorkerOptions({}))) {
      expect(text).to.match(new RegExp(`\`${name}\` \\(${written(value)}\\b`));
    }
  });
});

/** The cell after the first one that names something, by that name. */
function rowsOf(text: string): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row = ""]) =>
    row.split("|").map((cell) => cell.trim()),
  );
  // A name of a later column, as that of an option of the API beside one of a command, counts too.
  return new Map(
    rows.flatMap((cells) =>
      cells.slice(0, -1).map((cell, at) => [cell, cells[at + 1] ?? ""] as const),
    ),
  );
}

function written(value: number): string {
  return value.toLocaleString("en");
}
