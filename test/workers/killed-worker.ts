// A worker that is killed right after its sink has written the records of a chunk, before that has ended.
import { VisionBatchClient } from "../../src/index.ts";
import { createWorker } from "../../src/workers/index.ts";
import { insertRecords, writeRecords } from "./record-sinks.ts";

const [journal = "", grpc = "", rest = "", kind] = process.argv.slice(2);
const write = kind === "rows" ? insertRecords : writeRecords;
await createWorker({
  ...{ journal, client: new VisionBatchClient({ emulator: { grpc, rest } }) },
  ...{ leaseMs: 3000, lookIntervalMs: 1000, resultsInTransaction: kind === "rows" },
  onResults: async (...given) => {
    await write(...given);
    process.kill(process.pid, "SIGKILL");
  },
});
