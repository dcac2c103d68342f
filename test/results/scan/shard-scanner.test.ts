import { expect } from "chai";
import fc from "fast-check";
import { loadJsonTables } from "../../../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../../../src/protocol/json/type-registry.ts";
import type { MaskNode } from "../../../src/results/mask/mask-node.ts";
import { parseReadMask } from "../../../src/results/mask/parse-read-mask.ts";
import { ScanFault } from "../../../src/results/scan/scan-fault.ts";
import { ShardScanner } from "../../../src/results/scan/shard-scanner.ts";
import { maskObject, pathsOf } from "../mask-object.ts";

const options = { seed: 20261122, numRuns: 1000 };

const masks = [
  "fullTextAnnotation.text",
  "full_text_annotation.pages.width,labelAnnotations",
  "textAnnotations.description,textAnnotations.boundingPoly.vertices.x",
  "safeSearchAnnotation,fullTextAnnotation.*",
  "error",
] as const;

let nodes: Readonly<Record<string, MaskNode | undefined>>;

before(async () => {
  const registry = createTypeRegistry(await loadJsonTables("v1"));
  const types = { registry, typeName: "google.cloud.vision.v1.AnnotateImageResponse" };
  nodes = Object.fromEntries(masks.map((mask) => [mask, parseReadMask(mask, types)]));
});

interface Scanned {
  readonly responses: unknown[];
  readonly hasMore: boolean[];
  readonly rest: unknown;
  readonly isEnvelope: boolean;
}

/** Scans a document in pieces that end at the given places. */
function scan(text: string, ends: readonly number[] = [], mask?: string, maxDepth = 100): Scanned {
  const scanner = new ShardScanner({
    maxDepth,
    maxResponseBytes: 1_000_000,
    mask: mask === undefined ? undefined : nodes[mask],
  });
  const bytes = Buffer.from(text);
  const responses: unknown[] = [];
  const hasMore: boolean[] = [];
  const places = [...ends.map((end) => end % (bytes.length + 1)), bytes.length];
  let start = 0;
  for (const end of places.sort((a, b) => a - b)) {
    for (const response of scanner.scan(bytes.subarray(start, end))) {
      if (response.json.fault !== undefined) throw response.json.fault;
      responses.push(JSON.parse(response.json.bytes.toString()));
      hasMore.push(response.hasMore);
    }
    start = end;
  }
  const rest = JSON.parse(scanner.end().json.bytes.toString() || "null") as unknown;
  return { responses, hasMore, rest, isEnvelope: scanner.isEnvelope };
}

const name = fc.constantFrom(
  "fullTextAnnotation",
  "full_text_annotation",
  "text",
  "pages",
  "width",
  "labelAnnotations",
  "textAnnotations",
  "description",
  "boundingPoly",
  "vertices",
  "x",
  "safeSearchAnnotation",
  "error",
  "context",
  "unknown",
  "ünknöwn",
);

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, -1.5e-7, 12345678.25, "", 'a"b\\', "[{ÿ€😀", "\\\\"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 5 }),
  ),
}));
const response = fc.dictionary(name, anyValue, { maxKeys: 6 });
const space = fc.constantFrom<string | undefined>(undefined, " ", "\n\t");
const ends = fc.array(fc.nat(), { maxLength: 30 });

describe("ShardScanner", () => {
  it("finds the responses of any shard in any pieces", () => {
    const members = fc.shuffledSubarray(["responses", "inputConfig", "error", "other"], {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        members,
        fc.array(response, { maxLength: 5 }),
        space,
        ends,
        (names, list, indent, cuts) => {
          const all = {
            responses: list,
            inputConfig: { mimeType: "a" },
            error: { code: 3 },
            other: [1],
          };
          const shard = Object.fromEntries(
            ["responses", ...names].map((each) => [each, all[each as keyof typeof all]]),
          );
          const found = scan(JSON.stringify(shard, null, indent), cuts);
          expect(found.responses).to.deep.equal(list);
          expect(found.rest).to.deep.include(
            Object.fromEntries(
              Object.entries(shard).filter(([each]) => each === "inputConfig" || each === "error"),
            ),
          );
          expect(found.isEnvelope).to.equal(true);
        },
      ),
      options,
    );
  });

  it("finds the elements of a bare list, and a bare response", () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { maxLength: 4 }),
        response,
        space,
        ends,
        (list, bare, indent, cuts) => {
          expect(scan(JSON.stringify(list, null, indent), cuts).responses).to.deep.equal(list);
          const found = scan(`\ufeff${JSON.stringify(bare, null, indent)} \n`, cuts);
          expect(found).to.deep.equal({
            responses: [],
            hasMore: [],
            rest: bare,
            isEnvelope: false,
          });
        },
      ),
      options,
    );
  });

  for (const mask of masks) {
    it(`keeps of each response what the mask ${mask} does`, () => {
      const paths = pathsOf(mask);
      fc.assert(
        fc.property(
          fc.array(response, { maxLength: 3 }),
          response,
          space,
          ends,
          (list, bare, indent, cuts) => {
            const expected = list.map((each) => maskObject(each, paths));
            const shard = JSON.stringify({ responses: list }, null, indent);
            expect(scan(shard, cuts, mask).responses).to.deep.equal(expected);
            const escaped = shard.replaceAll('"text"', String.raw`"t\u0065xt"`);
            expect(scan(escaped, cuts, mask).responses).to.deep.equal(expected);
            expect(scan(JSON.stringify(bare, null, indent), cuts, mask).rest).to.deep.equal(
              maskObject(bare, paths),
            );
          },
        ),
        { ...options, numRuns: 300 },
      );
    });
  }

  it("tells whether the mask leaves out what is set", () => {
    const responses = [
      { error: {}, context: {} },
      { labelAnnotations: [] },
      { labelAnnotations: null, imagePropertiesAnnotation: null },
      { labelAnnotations: [{}] },
      { imagePropertiesAnnotation: {} },
      { unknown: null },
      { fullTextAnnotation: { pages: [{}] } },
    ];
    const { hasMore } = scan(JSON.stringify({ responses }), [], "fullTextAnnotation.text");
    expect(hasMore).to.deep.equal([false, false, false, true, true, true, false]);
  });

  it("keeps a member __proto__ a member", () => {
    const { responses } = scan('{"responses":[{"__proto__":{"a":1}}]}');
    expect(Object.keys(responses[0] as object)).to.deep.equal(["__proto__"]);
    expect(({} as Record<string, unknown>)["a"]).to.equal(undefined);
  });

  for (const [what, text, offset] of [
    ["cut off", '{"responses":[{"a":1}', 21],
    ["empty", "", 0],
    ["a number", " 3", 1],
    ["responses that are no list", '{"responses":{}}', 13],
    ["two lists of responses", '{"responses":[],"responses":[]}', 16],
    ["something behind its end", '{"responses":[]} x', 17],
    ["a list that ends as an object", '["a"}', 4],
    ["a comma too many", '{"responses":[1,]}', 16],
    ["no colon", '{"responses" []}', 13],
    ["nothing between commas", "[1,,2]", 3],
    ["an object without keys", "{1:2}", 1],
  ] as const) {
    it(`tells the byte of the fault of a shard that has ${what}`, () => {
      fc.assert(
        fc.property(ends, (cuts) => {
          const error = thrownBy(() => scan(text, cuts));
          expect(error).to.be.instanceOf(ScanFault);
          expect((error as ScanFault).offset).to.equal(offset);
        }),
        { ...options, numRuns: 20 },
      );
    });
  }

  it("refuses half a byte order mark", () => {
    for (const bytes of [Buffer.of(0xef, 0xbb), Buffer.of(0xef, 0xbb, 0x5b, 0x5d)]) {
      const scanner = new ShardScanner({ maxDepth: 10, maxResponseBytes: 1000 });
      const error = thrownBy(() => {
        for (const code of bytes) Array.from(scanner.scan(Uint8Array.of(code)));
        scanner.end();
      });
      expect((error as ScanFault).offset).to.equal(2);
    }
  });

  it("refuses nesting that is too deep, in what is kept and in what is left out", () => {
    const shard = (depth: number) =>
      `{"responses":[{"labelAnnotations":${"[".repeat(depth)}${"]".repeat(depth)}}]}`;
    for (const mask of [undefined, "fullTextAnnotation.text"]) {
      expect(scan(shard(7), [], mask, 10).responses).to.have.length(1);
      const error = thrownBy(() => scan(shard(8), [], mask, 10));
      expect((error as ScanFault).offset).to.equal(41);
      expect(thrownBy(() => scan(shard(100_000), [], mask, 10))).to.be.instanceOf(ScanFault);
    }
  });

  it("goes on behind a response that nests too deep or is larger than allowed", () => {
    const scanner = new ShardScanner({ maxDepth: 10, maxResponseBytes: 3000 });
    const deep = "[".repeat(1000) + "]".repeat(1000);
    const text = `{"responses":[[1],["${"0".repeat(3000)}"],[2],{"a":${deep}},[3]]}`;
    const found = Array.from(scanner.scan(Buffer.from(text)), ({ json }) =>
      json.fault === undefined ? json.bytes.toString() : json.fault.offset,
    );
    scanner.end();
    const sink = text.indexOf('["0');
    expect(found).to.deep.equal(["[1]", sink, "[2]", text.indexOf(deep) + 7, "[3]"]);
  });

  it("tells where the bytes of a response stood", () => {
    const scanner = new ShardScanner({
      maxDepth: 10,
      maxResponseBytes: 1000,
      mask: nodes["fullTextAnnotation.text"],
    });
    const text = '[{"pages":[1,2], "fullTextAnnotation": {"pages":[{}],"text" : "here"}}]';
    const places: number[] = [];
    for (const { json } of scanner.scan(Buffer.from(text))) {
      places.push(json.originOf(json.bytes.indexOf("here")));
    }
    expect(places).to.deep.equal([text.indexOf("here")]);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail("it should have thrown");
}
