import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrowser } from "../scripts/browser/start-browser.ts";
import { PictureMaker, writeReport } from "../src/report/index.ts";
import type { Bench } from "./bench.ts";
import { manyImages, manyRecords } from "./report/many-records.ts";
import { measurePage } from "./report/measure-page.ts";

const images = 10_000;
const imagesInOneFile = 200;
const differentImages = 20;
const mebibyte = 1024 * 1024;

/** A report of 10,000 images of 1,200 x 900 pixels with 60 words each: its making, and its use in Chromium. */
export const reportBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-report-"));
  try {
    const folder = join(root, "report");
    const contents = await manyImages(differentImages);
    report(`writing a report of ${images} images`);
    const built = await build(folder, images, contents);
    const file = join(root, "report.html");
    const single = await build(file, imagesInOneFile, contents);
    report("opening and scrolling it");
    const browser = await startBrowser();
    try {
      const page = await measurePage(browser, join(folder, "index.html"));
      return {
        figures: {
          buildSecondsPer1000: (built.seconds * 1000) / images,
          ...page,
          buildRssGrowthMiB: built.rssGrowth / mebibyte,
          pageKiB: sizeOf(folder, /\.(html|js|css)$/, false) / 1024,
          dataMiB: sizeOf(join(folder, "data")) / mebibyte,
          picturesMiB: sizeOf(join(folder, "images")) / mebibyte,
          oneFileOf200MiB: sizeOf(file) / mebibyte,
          oneFileSecondsPer1000: (single.seconds * 1000) / imagesInOneFile,
        },
        bounds: { firstPaintMs: { max: 500 }, longestTaskMs: { max: 100 } },
      };
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(root, { recursive: true });
  }
};

interface Built {
  readonly seconds: number;
  /** From a fifth of the images to the end, in bytes. */
  readonly rssGrowth: number;
}

async function build(path: string, count: number, contents: readonly Buffer[]): Promise<Built> {
  await using maker = await PictureMaker.open({ thumbnailPixels: 320, previewPixels: 1280 });
  let early = 0;
  const start = performance.now();
  await writeReport(path, manyRecords(count), {
    pictures: async ({ index }) => maker.make(contents[index % contents.length] ?? Buffer.of()),
    onProgress: (items) => {
      if (items === count / 5) early = process.memoryUsage.rss();
    },
  });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, rssGrowth: process.memoryUsage.rss() - early };
}

/** The bytes of a file, or of the files in a folder. */
function sizeOf(path: string, names = /./, recursive = true): number {
  if (statSync(path).isFile()) return statSync(path).size;
  return readdirSync(path, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}
