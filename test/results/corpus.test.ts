import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { loadJsonCodec } from "../../src/protocol/json-codec.ts";
import { maskObject, pathsOf } from "./mask-object.ts";
import { memoryStore } from "./memory-store.ts";
import { prefix, readAll } from "./shard-fixtures.ts";

const corpus = process.env["VISION_RESULTS_CORPUS"];
const typeName = "google.cloud.vision.v1.AnnotateImageResponse";

/** The responses in a file of real output, built by JSON.parse. */
function responsesIn(text: string): object[] {
  const content = JSON.parse(text) as object[] | { readonly responses?: object[] };
  if (Array.isArray(content)) return content;
  return content.responses ?? [content];
}

/**
 * What a record differs in from the JSON that was read, other clients' dumps included, is what makes
 * it canonical: null and defaults are absent, names are in camelCase, enums are names. That nothing
 * else is lost is held in test/protocol/json/corpus.test.ts; here the reader must give just that.
 */
function testCorpus(folder: string): void {
  describe("readResults of real output", () => {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
      it(`loses nothing of ${name}`, async () => {
        const text = readFileSync(join(folder, name), "utf8");
        const codec = await loadJsonCodec("v1");
        const decoded = responsesIn(text).map((response) =>
          codec.fromJson(typeName, response, { enums: "name" }),
        );
        const uri = `${prefix}output-1-to-${decoded.length}.json`;
        const store = memoryStore({ [uri]: text });
        const zipped = memoryStore({ [uri]: gzipSync(text) });
        for (const reading of [
          readAll(store, prefix),
          readAll(store, prefix, { maxBufferedBytes: 0 }),
          readAll(zipped, prefix, { readMask: "*" }),
        ]) {
          const { records, manifest } = await reading;
          expect(manifest.shardErrors).to.deep.equal([]);
          expect(records.map(responseOf)).to.deep.equal(decoded.map(annotatedOnly));
          for (const record of records) {
            if (!("response" in record)) continue;
            expect(codec.toJson(typeName, record.response, { enums: "name" })).to.deep.equal(
              record.response,
            );
          }
        }
        const readMask = "fullTextAnnotation.text,textAnnotations.description";
        const masked = await readAll(store, prefix, { readMask });
        expect(masked.records.map(responseOf)).to.deep.equal(
          decoded.map((response) => annotatedOnly(maskObject(response, pathsOf(readMask)))),
        );
      });
    }
  });
}

/** A response that only failed comes as its error. */
function annotatedOnly(response: unknown): unknown {
  const names = Object.keys(response as object).filter((name) => name !== "context");
  return names.length === 1 && names[0] === "error" ? undefined : response;
}

function responseOf(record: object): unknown {
  return "response" in record ? record.response : undefined;
}

// Real output is not part of the repository: the environment names the folder that holds some.
if (corpus !== undefined) testCorpus(corpus);
