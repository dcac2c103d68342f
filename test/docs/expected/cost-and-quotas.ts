import type { Guide } from "../guide.ts";

const uris = Array.from({ length: 2500 }, (_, page) => `gs://my-bucket/scans/${page}.png\n`);
const prices = {
  currency: "EUR",
  source: "our contract",
  features: { TEXT_DETECTION: { tiers: [{ upTo: 1000, perThousand: 0 }, { perThousand: 1.1 }] } },
};

const guide: Guide = {
  files: { "uris.txt": uris.join(""), "prices.json": JSON.stringify(prices) },
  blocks: [
    {
      under: "What is billed",
      prints: ["USD https://cloud.google.com/vision/pricing", "297", "300", "[ 'PRODUCT_SEARCH' ]"],
    },
    { under: "Know it before: `runs plan`", contains: [/price +USD 7\.50/, /requests.* 2\n/] },
    { under: "A price table of your own", contains: ['"currency":"EUR","amount":1.65'] },
    { under: "Quotas and limits", prints: ["done 2 units 0 perhaps 0"] },
  ],
};

export default guide;
