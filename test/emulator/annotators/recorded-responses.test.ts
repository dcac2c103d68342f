import { expect } from "chai";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnnotator, type Annotator } from "../../../src/emulator/annotators/annotator.ts";
import { toPdf, toPng } from "./text-image.ts";

const labels = [{ type: "LABEL_DETECTION" }];
const labelled = (...names: readonly string[]) => ({
  labelAnnotations: names.map((description) => ({ description, score: 0.9 })),
});

function digest(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

describe("recorded responses", () => {
  const content = Buffer.from("not an image at all");
  let directory: string;
  let annotators: Annotator[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "vision-batch-recorded-"));
    annotators = [];
  });
  afterEach(async () => {
    await Promise.all(annotators.map((annotator) => annotator.close()));
    await rm(directory, { recursive: true });
  });

  async function record(files: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [name, value] of Object.entries(files)) {
      await writeFile(join(directory, name), JSON.stringify(value));
    }
  }
  function open(recordedFor?: "missing" | "all"): Annotator {
    const options = { recordedDir: directory, workers: 1 };
    const annotator = createAnnotator(
      recordedFor === undefined ? options : { ...options, recordedFor },
    );
    annotators.push(annotator);
    return annotator;
  }

  it("are found by content, and before any URI pattern", async () => {
    await record({
      [`${digest(content)}.json`]: labelled("by content"),
      "index.json": [{ uri: "*", response: labelled("by pattern") }],
    });
    const annotator = open();
    const context = { uri: "gs://bucket/a.png" };
    expect(await annotator.annotateImage(content, labels, context)).to.deep.equal(
      labelled("by content"),
    );
    expect(await annotator.annotateImage(Buffer.from("other"), labels, context)).to.deep.equal(
      labelled("by pattern"),
    );
  });

  it("are found by the first URI pattern that matches", async () => {
    await record({
      "index.json": [
        { uri: "gs://bucket/*.png", file: "picture.json" },
        { uri: "gs://bucket/**", response: labelled("deep") },
      ],
      "picture.json": { responses: [labelled("picture")] },
    });
    const annotator = open();
    const labelsOf = async (uri: string) => {
      const response = await annotator.annotateImage(content, labels, { uri });
      return response.labelAnnotations?.[0]?.["description"] ?? response.error?.code;
    };
    expect(await labelsOf("gs://bucket/a.png")).to.equal("picture");
    expect(await labelsOf("gs://bucket/folder/a.png")).to.equal("deep");
    expect(await labelsOf("gs://other/a.png")).to.equal(12);
  });

  it("give only what is asked, cut at maxResults, and their error", async () => {
    const error = { code: 7, message: "no access" };
    const safeSearchAnnotation = { adult: "VERY_UNLIKELY" };
    const recorded = { ...labelled("a", "b", "c"), safeSearchAnnotation, error };
    await record({ "index.json": [{ uri: "*", response: recorded }] });
    const annotator = open();
    const asked = [{ type: "LABEL_DETECTION", maxResults: 2 }];
    expect(await annotator.annotateImage(content, asked, {})).to.deep.equal({
      ...labelled("a", "b"),
      error,
    });
    const faces = await annotator.annotateImage(content, [{ type: "FACE_DETECTION" }], {});
    expect(faces).to.deep.equal({ error });
  });

  it("stand beside what is worked out from the pixels", async () => {
    const textAnnotations = [{ description: "recorded", boundingPoly: {} }];
    await record({
      "index.json": [{ uri: "*", response: { ...labelled("poster"), textAnnotations } }],
    });
    const png = await toPng({
      width: 300,
      height: 100,
      words: [{ text: "Real", x: 20, y: 70, size: 50 }],
    });
    const response = await open().annotateImage(png, [...labels, { type: "TEXT_DETECTION" }], {});
    expect(response.labelAnnotations).to.deep.equal(labelled("poster").labelAnnotations);
    expect(response.textAnnotations?.[0]?.description).to.equal("Real");
  });

  describe("for all features", () => {
    const text = [{ type: "TEXT_DETECTION" }];
    const textAnnotations = [{ description: "recorded", boundingPoly: {} }];

    it("stand in for the text too, and nothing is decoded", async () => {
      await record({ "index.json": [{ uri: "*", response: { textAnnotations } }] });
      const response = await open("all").annotateImage(content, text, {});
      expect(response).to.deep.equal({ textAnnotations });
    });

    it("answer by URI without the content", async () => {
      const response = { textAnnotations, ...labelled("a") };
      await record({ "index.json": [{ uri: "gs://b/*.png", response }] });
      const annotator = open("all");
      expect(annotator.recordedFor("gs://b/1.png", text)).to.deep.equal({ textAnnotations });
      expect(annotator.recordedFor("gs://b/1.png")).to.deep.equal(response);
      expect(annotator.recordedFor("gs://b/1.jpg", text)).to.equal(undefined);
      expect(open("missing").recordedFor("gs://b/1.png", text)).to.equal(undefined);
    });

    it("do not answer by URI where a recording by content might go before it", async () => {
      await record({
        [`${digest(content)}.json`]: labelled("by content"),
        "index.json": [{ uri: "*", response: labelled("by pattern") }],
      });
      expect(open("all").recordedFor("gs://b/1.png", labels)).to.equal(undefined);
    });

    it("give an error for an image that has none", async () => {
      await record({ "index.json": [{ uri: "gs://b/*", response: {} }] });
      const { error } = await open("all").annotateImage(content, text, { uri: "gs://c/1.png" });
      expect(error?.code).to.equal(12);
      expect(error?.message).to.include("TEXT_DETECTION").and.include(digest(content));
    });

    it("know the pages of a file by its content, without opening it", async () => {
      const damaged = Buffer.from("%PDF-1.7 and nothing more");
      const page = (text: string) => ({ fullTextAnnotation: { text, pages: [] } });
      await record({
        [`${digest(damaged)}.json`]: page("any"),
        [`${digest(damaged)}-page-3.json`]: page("third"),
      });
      const file = await open("all").openFile(damaged, "application/pdf");
      expect(file.pageCount).to.equal(3);
      const context = { uri: "gs://b/a.pdf" };
      expect(await file.annotatePage(1, text, context)).to.deep.equal({
        ...page("any"),
        context: { ...context, pageNumber: 1 },
      });
      expect(await file.annotatePage(3, text, {})).to.deep.equal({
        ...page("third"),
        context: { pageNumber: 3 },
      });
    });
  });

  it("are found for a page by URI pattern and number", async () => {
    await record({
      "index.json": [
        { uri: "**.pdf", page: 2, response: labelled("second") },
        { uri: "*", response: labelled("any") },
      ],
    });
    const blank = { width: 10, height: 10 };
    const file = await open().openFile(await toPdf(blank, blank), "application/pdf");
    const context = { uri: "gs://b/a.pdf" };
    const first = await file.annotatePage(1, labels, context);
    const second = await file.annotatePage(2, labels, context);
    expect(first.labelAnnotations).to.deep.equal(labelled("any").labelAnnotations);
    expect(second.labelAnnotations).to.deep.equal(labelled("second").labelAnnotations);
  });

  it("are refused with everything that is wrong with them", async () => {
    await record({
      "index.json": [
        { response: {} },
        { uri: "a", response: {}, file: "x.json" },
        { uri: "b", page: 0, response: { labelAnotations: [] } },
        { uri: "c", file: "../outside.json" },
        { uri: "d", file: "absent.json" },
      ],
      "stray.json": {},
      [`${digest(content)}.json`]: [],
    });
    await writeFile(join(directory, "readme.txt"), "other files may lie here");
    expect(() => open())
      .to.throw(directory)
      .with.property("message")
      .that.includes('index.json[0] has no "uri"')
      .and.includes('index.json[1] needs either "response" or "file"')
      .and.includes("index.json[2].page is not a number")
      .and.includes("index.json[2].response has fields that no response has: labelAnotations")
      .and.includes("../outside.json lies outside")
      .and.includes("absent.json cannot be read")
      .and.includes("stray.json is neither")
      .and.includes(`${digest(content)}.json is not one AnnotateImageResponse`)
      .and.not.includes("readme.txt");
  });

  it("are refused where the folder cannot be listed or the index is none", async () => {
    await record({ "index.json": { uri: "*" } });
    expect(() => open()).to.throw("index.json is not a list");
    const recordedDir = join(directory, "absent");
    expect(() => createAnnotator({ recordedDir })).to.throw("cannot be listed");
  });
});
