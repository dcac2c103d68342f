import { createCloudStorageStore, readResults } from "vision-batch";

const [apiEndpoint = "", prefix = ""] = process.argv.slice(2);
let characters = 0;
for await (const record of readResults(createCloudStorageStore({ apiEndpoint }), prefix)) {
  if (record.status === "succeeded")
    characters += record.response.fullTextAnnotation?.text?.length ?? 0;
}
// From the start of the process: loading the packages is part of the script.
console.log(JSON.stringify({ ms: performance.now(), characters }));
