import { VisionBatchClient, type RequestOf } from "../../../src/index.ts";

const [grpc = "", request = ""] = process.argv.slice(2);
const client = new VisionBatchClient({ emulator: { grpc } });
const init = JSON.parse(request) as RequestOf<"v1", "asyncBatchAnnotateImages">;
const handle = await client.asyncBatchAnnotateImages(init);
process.stdout.write(`${JSON.stringify(handle)}\n`);
// Waits until it is killed: the operation is held by the emulator.
await handle.wait();
