import { createCloudStorageStore, readResults } from "vision-batch";

const [apiEndpoint = "", prefix = ""] = process.argv.slice(2);
const start = performance.now();
let characters = 0;
for await (const record of readResults(createCloudStorageStore({ apiEndpoint }), prefix)) {
  if (record.status === "succeeded")
    characters += record.response.fullTextAnnotation?.text?.length ?? 0;
}
console.log(JSON.stringify({ ms: performance.now() - start, characters }));
