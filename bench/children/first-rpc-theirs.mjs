import { theirClient } from "./their-client.mjs";

const [address = ""] = process.argv.slice(2);
const start = performance.now();
const client = await theirClient(address);
const [operation] = await client.operationsClient.getOperation(
  /** @type {never} */ ({ name: "operations/x" }),
);
const ms = performance.now() - start;
const rssMiB = process.memoryUsage().rss / 2 ** 20;
if (operation.name !== "operations/x") throw new Error("not the answer");
await client.close();
console.log(JSON.stringify({ ms, rssMiB }));
