import { statSync } from "node:fs";

/**
 * The URIs of images, one by one, as a listing gives them; what they take in bytes is counted.
 * @param {number} count
 * @param {{ uriBytes: number }} total
 */
export function* imageUris(count, total) {
  for (let index = 0; index < count; index += 1) {
    const uri = `gs://archive-of-scans/2026/batch-${index >> 14}/page-${index}.jpg`;
    total.uriBytes += uri.length;
    yield uri;
  }
}

/**
 * The same, each of which is waited for.
 * @param {number} count
 * @param {{ uriBytes: number }} total
 */
export async function* imageUrisLater(count, total) {
  for (const uri of imageUris(count, total)) yield uri;
}

/**
 * Prints what was measured, the file closed.
 * @param {{ ms: number, path: string, count: number, uriBytes: number }} measured
 */
export function printMeasurement({ ms, path, count, uriBytes }) {
  const bytesPerInput = (statSync(path).size - uriBytes) / count;
  const rssMiB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ ms, bytesPerInput, rssMiB }));
}
