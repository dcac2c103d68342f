import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { RecordPictures, type NamedRecord } from "../../src/report/index.ts";
import { createDirectoryStore } from "../../src/storage/index.ts";

const record = (uri: string, more: { page?: number; input?: string } = {}): NamedRecord => ({
  ...{ status: "missing", index: 0, uri, ...more },
});

describe("RecordPictures", () => {
  let root = "";
  let image: Buffer;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "record-pictures-"));
    const create = { width: 2000, height: 1000, channels: 3, background: "red" } as const;
    image = await sharp({ create }).jpeg().toBuffer();
    mkdirSync(join(root, "inputs"));
    writeFileSync(join(root, "inputs", "a.jpg"), image);
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  it("reads images from a store, and says nothing of those that are not there", async () => {
    await using pictures = await RecordPictures.open({ store: createDirectoryStore(root) });
    const made = await pictures.of(record("gs://inputs/a.jpg"));
    expect(made?.size).to.deep.equal({ width: 2000, height: 1000 });
    expect((await sharp(made?.thumbnail).metadata()).width).to.equal(320);
    expect((await sharp(made?.preview).metadata()).width).to.equal(1280);
    expect(await pictures.of(record("gs://inputs/b.jpg"))).to.equal(undefined);
    expect(await pictures.of(record("https://example.com/a.jpg"))).to.equal(undefined);
    expect(pictures.problem).to.equal(undefined);
  });

  it("asks the caller first, and once for all pages of a document", async () => {
    const asked: string[] = [];
    await using pictures = await RecordPictures.open({
      ...{ store: createDirectoryStore(root), previewPixels: 0, thumbnailPixels: 50 },
      read: async ({ input = "" }) => {
        asked.push(input);
        return input === "" ? undefined : image;
      },
    });
    for (const page of [1, 2])
      await pictures.of(record("gs://inputs/c.tiff", { page, input: "c" }));
    const made = await pictures.of(record("gs://inputs/a.jpg"));
    expect(asked).to.deep.equal(["c", ""]);
    expect(made?.preview).to.equal(undefined);
    expect((await sharp(made?.thumbnail).metadata()).width).to.equal(50);
  });

  it("reads no more after three failures in a row, and tells the first", async () => {
    let asked = 0;
    await using pictures = await RecordPictures.open({
      read: async () => {
        asked++;
        if (asked === 2) return image;
        throw new Error(`no access ${asked}`);
      },
    });
    const isMade: boolean[] = [];
    for (let i = 0; i < 8; i++) {
      isMade.push((await pictures.of(record(`gs://inputs/${i}.jpg`))) !== undefined);
    }
    expect(isMade.indexOf(true)).to.equal(1);
    expect(asked).to.equal(5);
    expect(pictures.problem).to.equal("no access 1; no further image was read");
  });

  it("counts a document that cannot be read once, not for each of its pages", async () => {
    await using pictures = await RecordPictures.open({
      read: async ({ uri }) => {
        if (uri.endsWith(".tiff")) throw new Error(`no access to ${uri}`);
        return image;
      },
    });
    for (let page = 1; page <= 5; page++) await pictures.of(record("gs://inputs/c.tiff", { page }));
    expect(await pictures.of(record("gs://inputs/a.jpg"))).to.not.equal(undefined);
    expect(pictures.problem).to.equal("no access to gs://inputs/c.tiff");
  });

  it("makes all pictures but those of PDF pages where their package is lacking, and says so", async () => {
    const source = join(import.meta.dirname, "../../src/report/index.ts");
    const inputs = join(import.meta.dirname, "../../examples/inputs");
    const program = `
      import { readFile } from "node:fs/promises";
      import { registerHooks } from "node:module";
      registerHooks({
        resolve(name, context, next) {
          const elsewhere = { ...context, parentURL: "file:///nowhere/index.js" };
          return next(name, name === "@hyzyla/pdfium" ? elsewhere : context);
        },
      });
      const { RecordPictures } = await import(${JSON.stringify(source)});
      const read = ({ uri }) => readFile(${JSON.stringify(`${inputs}/`)} + uri);
      await using pictures = await RecordPictures.open({ read });
      const uris = ["report.pdf", "report.pdf", "report.pdf", "report.pdf", "poster.png"];
      for (const [i, uri] of uris.entries()) {
        const made = await pictures.of({ status: "missing", index: i, page: 1, uri });
        console.log(made !== undefined);
      }
      console.log(pictures.problem);
    `;
    const flags = ["--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    expect(stdout.trim().split("\n")).to.deep.equal([
      ...["false", "false", "false", "false", "true"],
      "a report with pictures of PDF pages needs the package @hyzyla/pdfium: run `npm install @hyzyla/pdfium`",
    ]);
  });
});
