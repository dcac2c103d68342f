import { expect } from "chai";
import { createCocoExporter, type CocoExportOptions } from "../../../src/results/export/coco.ts";
import { DeflatedList } from "../../../src/results/export/coco-list.ts";
import type { ResultRecord } from "../../../src/results/index.ts";
import { everything, exported, recordsOfEveryStatus, succeeded } from "./export-records.ts";

interface Coco {
  readonly images: readonly Record<string, unknown>[];
  readonly annotations: readonly Record<string, unknown>[];
  readonly categories: readonly Record<string, unknown>[];
}

async function cocoOf(options: CocoExportOptions, ...records: readonly ResultRecord[]) {
  const text = (await exported(createCocoExporter(options), ...records)).toString();
  return JSON.parse(text) as Coco;
}

const cat = {
  name: "Cat",
  score: 0.5,
  boundingPoly: {
    normalizedVertices: [{ x: 0.25 }, { x: 0.5 }, { x: 0.5, y: 0.5 }, { x: 0.25, y: 0.5 }],
  },
};

describe("createCocoExporter", () => {
  it("writes images, boxes of objects, faces and logos in pixels, and their categories", async () => {
    const coco = await cocoOf({}, await succeeded(everything));
    expect(coco.images).to.deep.equal([
      { id: 1, file_name: "a.jpg", coco_url: "gs://in/a.jpg", width: 200, height: 100 },
    ]);
    expect(coco.categories).to.deep.equal([
      { id: 1, name: "Brand", supercategory: "logo" },
      { id: 2, name: "Cat", supercategory: "object" },
      { id: 3, name: "face", supercategory: "face" },
    ]);
    expect(coco.annotations).to.have.length(3);
    expect(coco.annotations[1]).to.deep.equal({
      ...{ id: 2, image_id: 1, category_id: 2, bbox: [50, 0, 50, 50], area: 2500, iscrowd: 0 },
      ...{ segmentation: [[50, 0, 100, 0, 100, 50, 50, 50]], score: 0.5 },
    });
  });

  it("writes words with their text, and no others, when told to", async () => {
    const coco = await cocoOf({ kinds: ["word"] }, await succeeded(everything));
    expect(coco.categories.map(({ name }) => name)).to.deep.equal(["word"]);
    expect(coco.annotations.map(({ utf8_string, bbox }) => [utf8_string, bbox])).to.deep.equal([
      ['"hi",', [40, 20, 10, 10]],
      ["A", [60, 20, 10, 10]],
    ]);
  });

  it("asks for sizes, and tells of what it left out for want of one", async () => {
    const logo = everything.logoAnnotations;
    const bare = await succeeded(
      { localizedObjectAnnotations: [cat, cat], logoAnnotations: logo },
      { page: 2 },
    );
    const omissions: unknown[] = [];
    const onOmission = (omission: unknown) => void omissions.push(omission);
    const without = await cocoOf({ onOmission }, bare);
    expect(without.annotations).to.have.length(1);
    expect(without.images[0]).to.deep.equal({
      ...{ id: 1, file_name: "a.jpg#page=2", coco_url: "gs://in/a.jpg" },
    });
    expect(omissions).to.deep.equal([
      { uri: "gs://in/a.jpg", page: 2, omitted: "annotations", count: 2 },
      { uri: "gs://in/a.jpg", page: 2, omitted: "size", count: 1 },
    ]);
    const sizeOf = () => ({ width: 1000, height: 100 });
    const sized = await cocoOf({ sizeOf, onOmission, fileName: () => "x.jpg" }, bare);
    expect(sized.annotations.map(({ bbox }) => bbox)).to.deep.include([250, 0, 250, 50]);
    expect(sized.images[0]).to.include({ file_name: "x.jpg", width: 1000 });
    expect(omissions).to.have.length(2);
  });

  it("shares a category among images, and numbers annotations over all of them", async () => {
    const record = await succeeded({ localizedObjectAnnotations: [cat] });
    const coco = await cocoOf(
      { sizeOf: () => ({ width: 10, height: 10 }) },
      record,
      record,
      record,
    );
    expect(coco.annotations.map(({ id, image_id }) => [id, image_id])).to.deep.equal([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(coco.categories).to.have.length(1);
    expect(coco.images.map(({ id }) => id)).to.deep.equal([1, 2, 3]);
  });

  it("tells the area of a slanted box, and makes a box of two corners whole", async () => {
    const polys = [
      [
        { x: 10, y: 5 },
        { x: 15, y: 10 },
        { x: 10, y: 15 },
        { x: 5, y: 10 },
      ],
      [
        { x: 1, y: 2 },
        { x: 4, y: 6 },
      ],
    ];
    const logoAnnotations = polys.map((vertices) => ({ boundingPoly: { vertices } }));
    const { annotations } = await cocoOf({}, await succeeded({ logoAnnotations }));
    expect(annotations.map(({ area, bbox }) => [area, bbox])).to.deep.equal([
      [50, [5, 5, 10, 10]],
      [12, [1, 2, 3, 4]],
    ]);
    expect(annotations[1]?.["segmentation"]).to.deep.equal([[1, 2, 4, 2, 4, 6, 1, 6]]);
  });

  it("has an image for every record with a response, and is whole without records", async () => {
    const coco = await cocoOf({}, ...(await recordsOfEveryStatus()));
    expect(coco.images.map(({ file_name }) => file_name)).to.deep.equal(["a.jpg", "b.pdf#page=2"]);
    const empty = await cocoOf({});
    expect(empty).to.deep.include({ images: [], annotations: [], categories: [] });
  });
});

describe("DeflatedList", () => {
  it("gives back all that was put in, over many blocks, in order", () => {
    const list = new DeflatedList();
    const texts = Array.from({ length: 30_000 }, (_, id) => JSON.stringify({ id, name: `n${id}` }));
    for (const text of texts) list.push(text);
    expect(list.length).to.equal(30_000);
    const ids = JSON.parse(`[${[...list.read()].join("")}]`) as { id: number }[];
    expect(ids.map(({ id }) => id)).to.deep.equal(texts.map((_, id) => id));
  });
});
