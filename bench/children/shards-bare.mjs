import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchSize, imagesPerOperation, operations, response, uriOf } from "./shard-load.mjs";

const folder = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
await writeAll("warm-up");
const start = performance.now();
const shardBytes = await writeAll("measured");
const seconds = (performance.now() - start) / 1000;
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({ imagesPerSecond: (operations * imagesPerOperation) / seconds, shardBytes }),
);

/** @param {string} run */
async function writeAll(run) {
  let bytes = 0;
  for (let operation = 0; operation < operations; operation += 1) {
    const prefix = join(folder, run, String(operation));
    await mkdir(prefix, { recursive: true });
    for (let first = 1; first <= imagesPerOperation; first += batchSize) {
      const responses = Array.from({ length: batchSize }, (_, index) => ({
        ...response,
        context: { uri: uriOf(operation, first + index) },
      }));
      const text = JSON.stringify({ responses });
      bytes += text.length;
      await writeFile(join(prefix, `output-${first}-to-${first + batchSize - 1}.json`), text);
    }
  }
  return bytes;
}
