import { VisionBatchClient } from "vision-batch";
import { measureSubmits } from "./submit-load.mjs";

const [grpc = ""] = process.argv.slice(2);
const client = new VisionBatchClient({ emulator: { grpc } });
const msPerSubmit = await measureSubmits((request) => client.asyncBatchAnnotateImages(request));
await client.close();
console.log(JSON.stringify({ msPerSubmit }));
