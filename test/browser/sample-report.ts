import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PictureMaker, writeReport, type PageAssets } from "../../src/report/index.ts";
import type { ResultRecord } from "../../src/results/index.ts";
import { buildPage } from "../../scripts/build/pages.ts";
import type { Sample } from "./sample-records.ts";

let assets: Promise<PageAssets> | undefined;

/** The page as its sources are now, bundled once. */
export function pageAssets(): Promise<PageAssets> {
  return (assets ??= bundle());
}

async function bundle(): Promise<PageAssets> {
  const folder = mkdtempSync(join(tmpdir(), "report-page-"));
  try {
    await buildPage("report", folder);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    return { script: read("report.js"), style: read("report.css") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a report of samples with their pictures. */
export async function writeSamples(path: string, samples: readonly Sample[]): Promise<void> {
  await using maker = await PictureMaker.open({ thumbnailPixels: 320, previewPixels: 960 });
  const images = new Map(samples.map(({ record, image }) => [record, image]));
  await writeReport(path, recordsOf(samples), {
    title: "Sample report",
    sources: ["gs://results/sample/"],
    createdAt: new Date("2026-01-02T03:04:05Z"),
    assets: await pageAssets(),
    pictures: async (record) => {
      const image = images.get(record);
      return image === undefined ? undefined : maker.make(image);
    },
    run: async () => sampleRun,
  });
}

async function* recordsOf(samples: readonly Sample[]): AsyncGenerator<ResultRecord> {
  for (const { record } of samples) yield record;
}

const startedMs = Date.parse("2026-01-02T01:00:00Z");
const sampleRun = {
  ...{ id: "album-2026", state: "done", startedMs, open: 0 },
  ended: Array.from({ length: 40 }, (_, i) => [startedMs + i * 9000, 20 + (i % 7) * 12] as const),
  latenciesMs: Array.from({ length: 40 }, (_, i) => 8000 + (i % 9) * 9000),
  cost: {
    ...{ currency: "USD", amount: 27, units: 10_000, prices: "https://example.com/prices" },
    unpriced: ["PRODUCT_SEARCH"],
    byFeature: [
      ["TEXT_DETECTION", 13.5],
      ["LABEL_DETECTION", 13.5],
      ["SAFE_SEARCH_DETECTION", 0],
      ["PRODUCT_SEARCH", 0],
    ] as const,
  },
};
