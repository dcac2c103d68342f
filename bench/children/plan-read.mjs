import { imageUrisLater } from "./plan-load.mjs";

const [given = ""] = process.argv.slice(2);
const count = Number(given);
let read = 0;
for await (const uri of imageUrisLater(count, { uriBytes: 0 })) if (uri !== "") read += 1;
if (read !== count) throw new Error(`${read} of ${count} inputs were read`);
console.log(JSON.stringify({ rssMiB: process.resourceUsage().maxRSS / 1024 }));
