import { readFileSync } from "node:fs";

const [file = ""] = process.argv.slice(2);
const content = readFileSync(file);
const rounds = 20;

/** @param {() => number} scan */
function bytesPerSecond(scan) {
  for (let round = 0; round < 3; round += 1) scan();
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) scan();
  return (content.length * rounds * 1000) / (performance.now() - start);
}

function byLoop() {
  let quotes = 0;
  for (let at = 0; at < content.length; at += 1) if (content[at] === 0x22) quotes += 1;
  return quotes;
}

function bySearch() {
  let quotes = 0;
  for (let at = content.indexOf(0x22); at >= 0; at = content.indexOf(0x22, at + 1)) quotes += 1;
  return quotes;
}

if (byLoop() !== bySearch()) throw new Error("the scans differ");
console.log(
  JSON.stringify({ quoteScan: Math.max(bytesPerSecond(byLoop), bytesPerSecond(bySearch)) }),
);
