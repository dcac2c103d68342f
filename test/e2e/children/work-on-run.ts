// Starts or resumes a run in a process of its own, and tells of its steps:
//   node work-on-run.ts <gRPC address> <HTTP address> <journal> <inputs> <lease in ms>
import { VisionBatchClient } from "../../../src/index.ts";
import { request } from "../../runs/runs-fixture.ts";

const [grpc = "", rest = "", journal = "", count = "", leaseMs = ""] = process.argv.slice(2);
const client = new VisionBatchClient({ emulator: { grpc, rest } });
const runs = await client.runs({ journal, leaseMs: Number(leaseMs), closeTimeoutMs: 2000 });
process.once("SIGTERM", () => {
  void (async () => {
    await runs.close();
    await client.close();
    process.stdout.write("closed\n");
  })();
});
const found = await runs.get("scans");
const isToStart = found === undefined || found.state === "planning";
const run = isToStart ? await runs.start(request(Number(count))) : await runs.resume("scans");
process.stdout.write("working\n");
try {
  const { state } = await run.wait();
  process.stdout.write(`${state}\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
await runs.close();
await client.close();
