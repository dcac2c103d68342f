import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";
import { parseMarkdown } from "../markdown.ts";

const uris = Array.from({ length: 2500 }, (_, page) => `gs://my-bucket/scans/${page}.png\n`);
const { blocks } = parseMarkdown(await readFile(join(root, "docs/cost-and-quotas.md"), "utf8"));
/** The text that the guide shows as the output of its command, and its table of prices. */
const [shown = "", prices = ""] = ["text", "json"].map(
  (language) => blocks.find((block) => block.language === language)?.code,
);

const guide: Guide = {
  files: { "uris.txt": uris.join(""), "prices.json": prices },
  blocks: [
    {
      under: "What is billed",
      prints: ["USD https://cloud.google.com/vision/pricing", "297", "300", "[ 'PRODUCT_SEARCH' ]"],
    },
    { under: "Know it before: `runs plan`", prints: shown.trimEnd().split("\n") },
    { under: "A price table of your own", contains: ['"currency":"EUR","amount":1.65'] },
    { under: "Quotas and limits", prints: ["done 2 units 0 perhaps 0"] },
  ],
};

export default guide;
