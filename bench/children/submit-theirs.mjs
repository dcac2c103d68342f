import { measureSubmits } from "./submit-load.mjs";
import { theirClient } from "./their-client.mjs";

const [address = ""] = process.argv.slice(2);
const client = await theirClient(address);
const msPerSubmit = await measureSubmits((request) => client.asyncBatchAnnotateImages(request));
await client.close();
console.log(JSON.stringify({ msPerSubmit }));
