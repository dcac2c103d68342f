import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { imageSizes } from "../../src/cli/image-sizes.ts";
import { pageImages } from "../../src/cli/page-images.ts";
import { createDirectoryStore, type ObjectStore } from "../../src/storage/index.ts";

describe("pictures of results", () => {
  let folder: string;
  let store: ObjectStore;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-pictures-"));
    await mkdir(join(folder, "scans"));
    for (const name of ["poster.png", "minutes.tiff", "report.pdf", "broken.png"]) {
      const input = join(import.meta.dirname, "../../examples/inputs", name);
      await copyFile(input, join(folder, "scans", name));
    }
    store = createDirectoryStore(folder);
  });

  after(() => rm(folder, { recursive: true }));

  it("tell the sizes of images and of pages of images", async () => {
    const sizeOf = imageSizes(store);
    expect(await sizeOf("gs://scans/poster.png", undefined)).to.include({
      width: 600,
      height: 800,
    });
    expect(await sizeOf("gs://scans/minutes.tiff", 2)).to.include({ width: 900, height: 640 });
    expect(await sizeOf("gs://scans/report.pdf", 1)).to.equal(undefined);
  });

  it("are turned into PNG where PDF does not take them", async () => {
    const readImage = pageImages(store);
    const startOf = async (name: string, page?: number) =>
      Buffer.from((await readImage(`gs://scans/${name}`, page)) ?? []).toString("latin1", 1, 4);
    expect(await startOf("poster.png")).to.equal("PNG");
    expect(await startOf("minutes.tiff", 3)).to.equal("PNG");
    expect(await startOf("report.pdf", 1)).to.equal("PDF");
  });

  it("are none where they are not in the store", async () => {
    for (const uri of ["", "https://example.com/a.png", "scan.png", "gs://scans/gone.png"]) {
      expect(await imageSizes(store)(uri, undefined), uri).to.equal(undefined);
      expect(await pageImages(store)(uri, undefined), uri).to.equal(undefined);
    }
  });
});
