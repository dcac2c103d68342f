import { createDirectoryStore, readResults } from "vision-batch";

const [root = "", prefix = "", readMask] = process.argv.slice(2);
const start = performance.now();
let characters = 0;
const results = readResults(createDirectoryStore(root), prefix, { readMask });
for await (const record of results) {
  if (record.status === "succeeded")
    characters += record.response.fullTextAnnotation?.text?.length ?? 0;
}
const ms = performance.now() - start;
const rssMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, rssMiB, characters, bytes: results.manifest?.bytes }));
