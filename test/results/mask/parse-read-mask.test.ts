import { expect } from "chai";
import { loadJsonTables } from "../../../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../../../src/protocol/json/type-registry.ts";
import type { Selection } from "../../../src/results/mask/mask-node.ts";
import { parseReadMask, type MaskTypes } from "../../../src/results/mask/parse-read-mask.ts";
import { ReadMaskError } from "../../../src/errors/index.ts";

/** The members that a selection names, by their JSON names. */
function shape(selection: Selection | undefined): unknown {
  if (selection === undefined || selection === "all") return "all";
  const members = [...selection.members].filter(([name]) => !name.includes("_"));
  return Object.fromEntries(members.map(([name, member]) => [name, shape(member)]));
}

describe("parseReadMask", () => {
  let types: MaskTypes;
  const always = { context: "all", error: "all" };

  before(async () => {
    const registry = createTypeRegistry(await loadJsonTables("v1"));
    types = { registry, typeName: "google.cloud.vision.v1.AnnotateImageResponse" };
  });

  for (const [mask, expected] of [
    ["fullTextAnnotation.text", { fullTextAnnotation: { text: "all" } }],
    [
      "full_text_annotation.text , label_annotations",
      { fullTextAnnotation: { text: "all" }, labelAnnotations: "all" },
    ],
    [
      "fullTextAnnotation.pages.blocks.boundingBox,fullTextAnnotation",
      { fullTextAnnotation: "all" },
    ],
    ["fullTextAnnotation,fullTextAnnotation.text", { fullTextAnnotation: "all" }],
    ["labelAnnotations.*", { labelAnnotations: "all" }],
    [
      "labelAnnotations.score,labelAnnotations.mid",
      { labelAnnotations: { score: "all", mid: "all" } },
    ],
    ["context.uri", {}],
  ] as const) {
    it(`reads ${mask}`, () => {
      expect(shape(parseReadMask(mask, types))).to.deep.equal({ ...always, ...expected });
    });
  }

  it("takes a list of paths, and * for everything", () => {
    expect(shape(parseReadMask(["labelAnnotations", "error"], types))).to.have.all.keys(
      "labelAnnotations",
      "context",
      "error",
    );
    expect(parseReadMask("labelAnnotations,*", types)).to.equal(undefined);
  });

  for (const [mask, path, hint] of [
    ["fulltextAnotation.text", "fulltextAnotation.text", "did you mean fullTextAnnotation?"],
    ["labelAnnotations,fullTextAnnotation.txt", "fullTextAnnotation.txt", "did you mean text?"],
    ["labelAnnotations.score.x", "labelAnnotations.score.x", "score has no members"],
    ["zzzzzz", "zzzzzz", 'AnnotateImageResponse has no field "zzzzzz"'],
    ["", "", "no field"],
    ["labelAnnotations,,error", "", "no field"],
    ["*,zzzzzz", "zzzzzz", "no field"],
    ["*.text", "*.text", "no field"],
    ["labelAnnotations..score", "labelAnnotations..score", "no field"],
    ["__proto__", "__proto__", "no field"],
    ["constructor", "constructor", "no field"],
  ] as const) {
    it(`refuses ${JSON.stringify(mask)} with its path`, () => {
      try {
        parseReadMask(mask, types);
        expect.fail("it should have thrown");
      } catch (error) {
        expect(error).to.be.instanceOf(ReadMaskError);
        expect((error as ReadMaskError).path).to.equal(path);
        expect((error as ReadMaskError).message).to.contain(hint);
      }
    });
  }

  it("knows each version's own fields", async () => {
    const registry = createTypeRegistry(await loadJsonTables("v1p1beta1"));
    const typeName = "google.cloud.vision.v1p1beta1.AnnotateImageResponse";
    expect(() => parseReadMask("productSearchResults", { registry, typeName })).to.throw(
      ReadMaskError,
    );
  });
});
