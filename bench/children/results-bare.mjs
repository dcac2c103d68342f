import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const [folder = ""] = process.argv.slice(2);
const start = performance.now();
let characters = 0;
let bytes = 0;
for (const name of readdirSync(folder)) {
  const content = await readFile(join(folder, name));
  bytes += content.length;
  for (const response of JSON.parse(content.toString()).responses) {
    characters += response.fullTextAnnotation.text.length;
  }
}
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, characters, bytes }));
