import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { AnnotationPool } from "../../../src/emulator/annotators/annotation-pool.ts";
import { createAnnotator, type Annotator } from "../../../src/emulator/annotators/annotator.ts";
import { PoolClosedError } from "../../../src/emulator/annotators/pool-errors.ts";
import { UnreadableFileError } from "../../../src/emulator/annotators/unreadable-file-error.ts";
import { drawNoise, toPdf, toPng } from "./text-image.ts";

const inputs = new URL("../../../examples/inputs/", import.meta.url);
const text = [{ type: "TEXT_DETECTION" }];
const badImage = { error: { code: 3, message: "Bad image data." } };

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it was not rejected"),
    (error: unknown) => error,
  );
}

describe("createAnnotator", () => {
  let annotator: Annotator;
  before(() => {
    annotator = createAnnotator({ workers: 1 });
  });
  after(() => annotator.close());

  it("answers what cannot be decoded with the service's status", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const png = await readFile(new URL("receipt.png", inputs));
    const cut = png.subarray(0, png.length - 2000);
    const pdf = await toPdf({ width: 10, height: 10 });
    for (const content of [Buffer.alloc(0), Buffer.from("no image"), svg, cut, pdf]) {
      expect(await annotator.annotateImage(content, text, {})).to.deep.equal(badImage);
    }
  });

  it("says which formats of the service it cannot read", async () => {
    const bmp = Buffer.from("BM\0\0\0\0");
    const ico = Buffer.from([0, 0, 1, 0, 1, 0]);
    for (const [content, name] of [
      [bmp, "BMP"],
      [ico, "ICO"],
    ] as const) {
      const { error } = await annotator.annotateImage(content, text, {});
      expect(error?.code).to.equal(12);
      expect(error?.message).to.include(name);
    }
  });

  it("refuses an image of more than 20 MB", async () => {
    const content = Buffer.concat([
      await readFile(new URL("poster.png", inputs)),
      Buffer.alloc(20 * 1024 * 1024),
    ]);
    const { error } = await annotator.annotateImage(content, text, {});
    expect(error).to.deep.equal({ code: 3, message: "The image is larger than 20 MB." });
  });

  it("refuses an image of too many pixels before it is decoded", async () => {
    const png = Buffer.from(await toPng({ width: 10, height: 10 }));
    png.writeUInt32BE(100_000, 16);
    png.writeUInt32BE(100_000, 20);
    const { error } = await annotator.annotateImage(png, text, {});
    expect(error?.code).to.equal(3);
  });

  it("names the features that need a recording beside the annotations that it has", async () => {
    const content = await readFile(new URL("poster.png", inputs));
    const features = [...text, { type: "LABEL_DETECTION" }, { type: "FACE_DETECTION" }];
    const response = await annotator.annotateImage(content, features, {});
    expect(response.fullTextAnnotation?.text).to.include("SUMMER FAIR");
    expect(response.error?.code).to.equal(12);
    expect(response.error?.message).to.match(/LABEL_DETECTION, FACE_DETECTION.*[0-9a-f]{64}\.json/);
  });

  it("leaves the caller's content untouched", async () => {
    const content = await readFile(new URL("poster.png", inputs));
    const before = Buffer.from(content);
    await annotator.annotateImage(content, [{ type: "IMAGE_PROPERTIES" }], {});
    expect(content.equals(before)).to.equal(true);
  });

  it("refuses files that are damaged, or of another type than is said", async () => {
    const png = await readFile(new URL("poster.png", inputs));
    const pdf = Buffer.from(await toPdf({ width: 10, height: 10 }));
    for (const [content, mimeType] of [
      [png, "image/tiff"],
      [pdf, "image/gif"],
      [pdf, "image/png"],
      [pdf.subarray(0, 40), "application/pdf"],
      [Buffer.from("II*\0nothing"), "image/tiff"],
    ] as const) {
      const error = await rejection(annotator.openFile(content, mimeType));
      expect(error, mimeType).to.be.instanceOf(UnreadableFileError);
      expect(error).to.have.property("code", "INVALID_ARGUMENT");
    }
  });

  it("refuses pages that a file does not have, and pages of a closed file", async () => {
    const file = await annotator.openFile(await toPdf({ width: 9, height: 9 }), "application/pdf");
    expect(file.pageCount).to.equal(1);
    for (const page of [0, 2, 1.5]) {
      expect(await rejection(file.annotatePage(page, text, {}))).to.be.instanceOf(RangeError);
    }
    await file.close();
    await file.close();
    expect(await rejection(file.annotatePage(1, text, {}))).to.be.instanceOf(RangeError);
  });

  it("keeps two open files apart when their pages are read in turns", async () => {
    const draw = (word: string) =>
      toPdf({ width: 300, height: 100, words: [{ text: word, x: 20, y: 60, size: 40 }] });
    const [one, two] = await Promise.all([
      annotator.openFile(await draw("Apples"), "application/pdf"),
      annotator.openFile(await draw("Pears"), "application/pdf"),
    ]);
    const found = [];
    for (const file of [one, two, one, two]) {
      const response = await file.annotatePage(1, text, {});
      found.push(response.fullTextAnnotation?.text);
    }
    expect(found).to.deep.equal(["Apples", "Pears", "Apples", "Pears"]);
  });

  it("reads on when a worker is replaced in the middle of a long file", async () => {
    const pages = Array.from({ length: 120 }, () => ({ width: 20, height: 20 }));
    const file = await annotator.openFile(await toPdf(...pages), "application/pdf");
    expect(file.pageCount).to.equal(120);
    const asked = [{ type: "IMAGE_PROPERTIES" }];
    const responses = await Promise.all(pages.map((_, n) => file.annotatePage(n + 1, asked, {})));
    for (const [n, response] of responses.entries()) {
      expect(response).to.have.all.keys("imagePropertiesAnnotation", "context");
      expect(response.context).to.deep.equal({ pageNumber: n + 1 });
    }
    await file.close();
  });

  it("stops waiting with the signal's reason", async () => {
    const content = await drawNoise();
    const reason = new Error("no longer needed");
    const controller = new AbortController();
    const waiting = annotator.annotateImage(content, text, { signal: controller.signal });
    controller.abort(reason);
    expect(await rejection(waiting)).to.equal(reason);
    const aborted = annotator.annotateImage(content, text, { signal: AbortSignal.abort(reason) });
    expect(await rejection(aborted)).to.equal(reason);
  });

  it("refuses options that make no sense", () => {
    expect(() => createAnnotator({ workers: 0 })).to.throw(RangeError);
    expect(() => createAnnotator({ imageTimeoutMs: Number.NaN })).to.throw(RangeError);
  });
});

describe("the limit of an image", () => {
  it("ends an image that takes longer and goes on with a new worker", async () => {
    const annotator = createAnnotator({ workers: 1, imageTimeoutMs: 30 });
    try {
      const noise = await drawNoise();
      const results = await Promise.all([
        annotator.annotateImage(noise, text, {}),
        annotator.annotateImage(noise, text, {}),
      ]);
      for (const { error } of results) {
        expect(error?.code).to.equal(4);
        expect(error?.message).to.include("30 ms");
      }
      const tiny = await toPng({ width: 8, height: 8 });
      const answered = await annotator.annotateImage(tiny, [{ type: "IMAGE_PROPERTIES" }], {});
      expect(answered).to.have.all.keys("imagePropertiesAnnotation");
    } finally {
      await annotator.close();
    }
  });

  it("makes a crash of a worker an error of its image", async () => {
    const pool = new AnnotationPool({
      workerUrl: new URL("scripted-worker.ts", import.meta.url),
      workers: 1,
      taskTimeoutMs: 30_000,
      startTimeoutMs: 30_000,
    });
    try {
      const request = { features: [{ type: "crash" }], aspectRatios: [] };
      const { error } = await pool.annotateImage(new Uint8Array(1), request);
      expect(error?.code).to.equal(13);
      expect(error?.message).to.include("the worker stopped");
    } finally {
      await pool.close();
    }
  });
});

describe("closing an annotator", () => {
  it("rejects what runs and leaves nothing open", async () => {
    // Mocha starts its timer for the test only once this function has returned a promise.
    await setImmediate();
    const before = process.getActiveResourcesInfo().sort();
    const annotator = createAnnotator({ workers: 2 });
    const content = await readFile(new URL("poster.png", inputs));
    await annotator.annotateImage(content, text, {});
    const running = rejection(annotator.annotateImage(await drawNoise(), text, {}));
    await annotator.close();
    expect(await running).to.be.instanceOf(PoolClosedError);
    const late = rejection(annotator.annotateImage(content, text, {}));
    expect(await late).to.be.instanceOf(PoolClosedError);
    await annotator.close();
    expect(process.getActiveResourcesInfo().sort()).to.deep.equal(before);
  });

  it("is not needed for a process to end", async () => {
    const module = new URL("../../../src/emulator/annotators/annotator.ts", import.meta.url);
    const program =
      `import { readFileSync } from "node:fs";` +
      `import { createAnnotator } from ${JSON.stringify(module.href)};` +
      `const content = readFileSync(new URL(${JSON.stringify(new URL("poster.png", inputs).href)}));` +
      `const response = await createAnnotator({}).annotateImage(content, ${JSON.stringify(text)}, {});` +
      `console.log(response.fullTextAnnotation.text);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    let output = "";
    let notes = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    expect(notes).to.equal("");
    expect(code).to.equal(0);
    expect(output).to.include("SUMMER FAIR");
  });
});
