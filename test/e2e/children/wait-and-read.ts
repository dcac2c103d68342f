import { VisionBatchClient } from "../../../src/index.ts";
import type { AsyncBatchAnnotateImagesResponse } from "../../../src/protocol/v1.ts";
import { readResults } from "../../../src/results/index.ts";
import { createDirectoryStore } from "../../../src/storage/index.ts";

const [grpc = "", directory = "", token = ""] = process.argv.slice(2);
await using client = new VisionBatchClient({ emulator: { grpc } });
const handle = client.operation<AsyncBatchAnnotateImagesResponse>(token);
process.stdout.write(`following ${handle.name}\n`);
const result = await handle.wait();
const prefix = result.outputConfig?.gcsDestination?.uri ?? "";
for await (const record of readResults(createDirectoryStore(directory), prefix)) {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
