import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";

const corpus = process.env["VISION_RESULTS_CORPUS"];
const vision = "google.cloud.vision.v1";

/** The type of a file of real output, by the members that it has. */
function typeOf(json: object): string {
  if ("name" in json) return "google.longrunning.Operation";
  if ("inputConfig" in json) return `${vision}.AnnotateFileResponse`;
  return "responses" in json
    ? `${vision}.BatchAnnotateImagesResponse`
    : `${vision}.AnnotateImageResponse`;
}

/** JSON without null and defaults, its names in camelCase, its numbers as four bytes hold them. */
function bare(json: unknown): unknown {
  if (typeof json === "number") return Math.fround(json);
  if (Array.isArray(json)) return json.map(bare);
  if (typeof json !== "object" || json === null) return json;
  const members = Object.entries(json).flatMap(([name, value]) => {
    const isDefault = value === null || value === 0 || value === "" || value === false;
    if (isDefault || (Array.isArray(value) && value.length === 0)) return [];
    return [[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), bare(value)]];
  });
  return Object.fromEntries(members) as object;
}

/** Numbers of enums in dumps of other clients and their names say the same. */
function differences(found: unknown, expected: unknown, path = ""): string[] {
  if (typeof found === "object" && typeof expected === "object" && found && expected) {
    const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
    const member = (value: object, name: string): unknown =>
      (value as Record<string, unknown>)[name];
    return [...names].flatMap((name) =>
      differences(member(found, name), member(expected, name), `${path}.${name}`),
    );
  }
  const isEnum = typeof found === "string" && typeof expected === "number";
  return found === expected || (isEnum && /[tT]ype$|hood$/.test(path)) ? [] : [path];
}

function testCorpus(folder: string): void {
  describe("the JSON codec on real output", () => {
    let codec: JsonCodec;
    before(async () => {
      codec = await loadJsonCodec("v1");
    });
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
      it(`loses nothing of ${name}`, () => {
        const parsed = JSON.parse(readFileSync(join(folder, name), "utf8")) as object;
        for (const json of Array.isArray(parsed) ? (parsed as object[]) : [parsed]) {
          checkLossless(codec, json);
        }
      });
    }
  });
}

function checkLossless(codec: JsonCodec, json: object): void {
  const typeName = typeOf(json);
  const owned = structuredClone(json);
  const record = codec.fromJson(typeName, owned, { enums: "name", reuse: true });
  expect(differences(bare(record), bare(json)), "record").to.deep.equal([]);
  const throughMessage = codec.toJson(typeName, codec.fromJson(typeName, json));
  expect(bare(throughMessage)).to.deep.equal(bare(record));
}

// Real output is not part of the repository: the environment names the folder that holds some.
if (corpus !== undefined) testCorpus(corpus);
