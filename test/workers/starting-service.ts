// A service that starts a run, which workers then work on, and ends.
import { openRuns, VisionBatchClient } from "../../src/index.ts";
import { request } from "../runs/runs-fixture.ts";

const [journal = "", grpc = "", rest = "", id = ""] = process.argv.slice(2);
await using client = new VisionBatchClient({ emulator: { grpc, rest } });
await using runs = await openRuns({ journal, client, drive: false });
await runs.start(request(40, { id }));
