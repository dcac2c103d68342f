import { expect } from "chai";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";

const typeName = "google.cloud.vision.v1.BatchAnnotateImagesResponse";

/** What the service writes: canonical, but for nothing. */
const clean = (): object => ({
  responses: [
    {
      labelAnnotations: [{ mid: "/m/1", description: "Cat", score: 0.98 }],
      fullTextAnnotation: {
        pages: [
          {
            width: 10,
            blocks: [
              { blockType: "TEXT", boundingBox: { vertices: [{}, { x: -7 }, { x: 1, y: 2 }] } },
            ],
          },
        ],
        text: "a",
      },
      error: { code: 3, details: [{ "@type": "x/no.Such", a: 1 }] },
    },
    {},
  ],
});

/** The same as other clients dump it: null, defaults, numbers for enums, proto names. */
const dumped = (): object => ({
  responses: [
    {
      face_annotations: [],
      label_annotations: [
        { mid: "/m/1", locale: "", description: "Cat", score: "0.98", boundingPoly: null },
      ],
      fullTextAnnotation: {
        pages: [
          {
            property: null,
            width: 10,
            blocks: [
              {
                blockType: 1,
                boundingBox: {
                  normalizedVertices: [],
                  vertices: [
                    { x: 0, y: 0 },
                    { x: -7, y: 0 },
                    { x: 1, y: 2 },
                  ],
                },
                confidence: 0,
              },
            ],
          },
        ],
        text: "a",
      },
      error: { code: 3, message: "", details: [{ "@type": "x/no.Such", a: 1 }] },
    },
    { context: null },
  ],
});

describe("the JSON codec's records", () => {
  let codec: JsonCodec;
  before(async () => {
    codec = await loadJsonCodec("v1");
  });

  const read = (json: object, reuse: boolean): object =>
    codec.fromJson(typeName, json, { enums: "name", reuse });

  it("are the given object itself where it may be reused and is canonical", () => {
    const json = clean();
    expect(read(json, true)).to.equal(json);
    expect(json).to.deep.equal(clean());
  });

  it("are mended in place where it may be reused and is not", () => {
    const json = dumped();
    expect(read(json, true)).to.equal(json);
    expect(json).to.deep.equal(clean());
    expect(JSON.parse(JSON.stringify(json))).to.deep.equal(clean());
  });

  it("are copies otherwise, and leave the given object as it was", () => {
    const json = Object.freeze(dumped());
    const record = read(json, false);
    expect(record).to.deep.equal(clean());
    expect(json).to.deep.equal(dumped());
    const [response] = (record as { responses: object[] }).responses;
    expect((json as { responses: object[] }).responses).not.to.include(response);
  });

  it("are written by toJson as copies too, from whatever form of JSON", () => {
    const json = dumped();
    expect(codec.toJson(typeName, json, { enums: "name" })).to.deep.equal(clean());
    expect(json).to.deep.equal(dumped());
  });

  it("say the same as messages", () => {
    expect(codec.toJson(typeName, codec.fromJson(typeName, dumped()))).to.deep.equal(clean());
    expect(codec.fromJson(typeName, read(dumped(), true))).to.deep.equal(
      codec.fromJson(typeName, clean()),
    );
  });
});
