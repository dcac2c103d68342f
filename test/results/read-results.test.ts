import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { ShardError, StorageError } from "../../src/errors/index.ts";
import type { ApiVersion } from "../../src/protocol/api-version.ts";
import {
  readResults,
  type ReadResultsOptions,
  type ResultRecord,
  type ResultSource,
} from "../../src/results/index.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import { memoryStore } from "./memory-store.ts";

const prefix = "gs://bucket/run/";

const text = (uri: string, description = uri) => ({
  textAnnotations: [{ description }],
  context: { uri },
});
const failed = (uri: string) => ({ error: { code: 7, message: "denied" }, context: { uri } });
const page = (uri: string, pageNumber: number) => ({
  fullTextAnnotation: { text: `page ${pageNumber}` },
  context: { uri, pageNumber },
});
const imageShard = (...responses: readonly unknown[]) => JSON.stringify({ responses });
const fileShard = (uri: string, ...responses: readonly unknown[]) =>
  JSON.stringify({
    inputConfig: { gcsSource: { uri }, mimeType: "application/pdf" },
    responses,
  });

async function readAll<V extends ApiVersion = "v1">(
  store: ObjectStore,
  sources: string | ResultSource | readonly (string | ResultSource)[],
  options: ReadResultsOptions<V> = {},
) {
  const reader = readResults(store, sources, options);
  const records: ResultRecord<V>[] = [];
  for await (const record of reader) records.push(record);
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the reading ended without a manifest");
  return { records, manifest };
}

/** index, status and, where there is one, page. */
const brief = (records: readonly ResultRecord<ApiVersion>[]) =>
  records.map(({ index, status, page }) =>
    page === undefined ? [index, status] : [index, status, page],
  );

describe("readResults", () => {
  describe("of images", () => {
    it("joins by URI over shards that are not in order, and tells what is missing", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: imageShard(text("gs://in/b"), text("gs://in/a")),
        [`${prefix}output-3-to-4.json`]: imageShard(failed("gs://in/d")),
      });
      const inputs = ["gs://in/a", "gs://in/b", "gs://in/c", "gs://in/d"];
      const { records, manifest } = await readAll(store, { prefix, inputs });
      expect(brief(records)).to.deep.equal([
        [1, "succeeded"],
        [0, "succeeded"],
        [3, "failed"],
        [2, "missing"],
      ]);
      expect(records[2]).to.deep.equal({
        status: "failed",
        index: 3,
        uri: "gs://in/d",
        error: { code: "PERMISSION_DENIED", message: "denied", details: [] },
      });
      expect(manifest).to.deep.include({
        inputs: 4,
        counts: { succeeded: 2, partial: 0, failed: 1, missing: 1, notSubmitted: 0 },
        responses: 3,
        shards: 2,
        unexpected: { count: 0, first: [] },
      });
    });

    it("reads shards by number, and those of its own prefix only", async () => {
      const shards = [1, 2, 10, 11].map((n): [string, string] => [
        `${prefix}output-${n}-to-${n}.json`,
        imageShard(text(`gs://in/${n}`)),
      ]);
      const store = memoryStore({
        ...Object.fromEntries(shards),
        [`${prefix}output-1-to-1.txt`]: "no shard",
        [`${prefix}output-one-to-2.json`]: "no shard",
        [`${prefix}output-output-1-to-1.json`]: imageShard(text("gs://in/other")),
        [`${prefix}deeper/output-1-to-1.json`]: imageShard(text("gs://in/other")),
        [`${prefix}a/output-1-to-1.json`]: imageShard(text("gs://in/other")),
      });
      const { records, manifest } = await readAll(store, prefix);
      expect(records.map(({ uri }) => uri)).to.deep.equal(
        [1, 2, 10, 11].map((n) => `gs://in/${n}`),
      );
      expect(records.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3]);
      expect(manifest.gaps).to.deep.equal([{ prefix, first: 3, last: 9 }]);
    });

    it("takes a prefix that does not end in a slash as it is", async () => {
      const store = memoryStore({
        "gs://bucket/visionoutput-1-to-1.json": imageShard(text("gs://in/a")),
        "gs://bucket/vision/output-1-to-1.json": imageShard(text("gs://in/b")),
      });
      const { records } = await readAll(store, "gs://bucket/vision");
      expect(records.map(({ uri }) => uri)).to.deep.equal(["gs://in/a"]);
    });

    it("accepts overflow shards, behind the shard that they overflow from", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-3.json`]: imageShard(text("gs://in/a")),
        [`${prefix}output-1-to-3-10.json`]: imageShard(text("gs://in/c")),
        [`${prefix}output-1-to-3-2.json`]: imageShard(text("gs://in/b")),
        [`${prefix}output-2-to-3.json`]: imageShard(text("gs://in/d")),
      });
      const { records, manifest } = await readAll(store, prefix);
      expect(records.map(({ uri }) => uri.at(-1)).join("")).to.equal("abcd");
      expect(manifest.overlaps).to.have.length(3);
    });

    it("tells duplicates of one URI apart by their order", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: imageShard(text("gs://in/a", "first"), text("gs://in/b")),
        [`${prefix}output-3-to-3.json`]: imageShard(text("gs://in/a", "second")),
      });
      const inputs = ["gs://in/a", "gs://in/b", "gs://in/a"];
      const { records, manifest } = await readAll(store, { prefix, inputs });
      const texts = records.map((record) =>
        record.status === "succeeded"
          ? [record.index, record.response.textAnnotations?.[0]?.description]
          : [],
      );
      expect(texts).to.deep.equal([
        [0, "first"],
        [1, "gs://in/b"],
        [2, "second"],
      ]);
      expect(manifest.duplicates).to.equal(1);
    });

    for (const [what, shards] of [
      ["is not there", {}],
      ["is broken", { [`${prefix}output-1-to-1.json`]: "{" }],
    ] as const) {
      it(`gives duplicates what stands at their place where the shard of another ${what}`, async () => {
        const rest = imageShard(text("gs://in/b"), text("gs://in/a", "third"));
        const store = memoryStore({ ...shards, [`${prefix}output-2-to-3.json`]: rest });
        const inputs = ["gs://in/a", "gs://in/b", "gs://in/a"];
        const { records } = await readAll(store, { prefix, inputs });
        expect(brief(records)).to.deep.equal([
          [1, "succeeded"],
          [2, "succeeded"],
          [0, "missing"],
        ]);
      });
    }

    it("reports what was never asked for and yields no record of it", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-3.json`]: imageShard(
          text("gs://in/a"),
          text("gs://in/x"),
          text("gs://in/a"),
        ),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs: ["gs://in/a"] });
      expect(brief(records)).to.deep.equal([[0, "succeeded"]]);
      const shard = `${prefix}output-1-to-3.json`;
      expect(manifest.unexpected).to.deep.equal({
        count: 2,
        first: [
          { shard, uri: "gs://in/x" },
          { shard, uri: "gs://in/a" },
        ],
      });
      expect(manifest.responses).to.equal(3);
    });

    it("calls annotations with an error beside them partial, and an empty response succeeded", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-3.json`]: imageShard(
          { ...text("gs://in/a"), error: { code: 14, message: "half done" } },
          { context: { uri: "gs://in/b" } },
          { ...text("gs://in/c"), error: { code: 0 } },
        ),
      });
      const { records } = await readAll(store, prefix);
      expect(brief(records)).to.deep.equal([
        [0, "partial"],
        [1, "succeeded"],
        [2, "succeeded"],
      ]);
      const [first] = records;
      expect(first?.status === "partial" && first.error.code).to.equal("UNAVAILABLE");
    });

    it("joins responses without a URI by place when every response is there", async () => {
      const inputs = ["gs://in/a", "gs://in/b"];
      const error = { error: { code: 3, message: "bad image data" } };
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: imageShard(error, text("gs://in/b")),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs });
      expect(brief(records)).to.deep.equal([
        [1, "succeeded"],
        [0, "failed"],
      ]);
      expect(manifest.joinedByPlace).to.equal(1);
    });

    it("does not guess where places may be off", async () => {
      const error = { error: { code: 3, message: "bad image data" } };
      const store = memoryStore({ [`${prefix}output-2-to-2.json`]: imageShard(error) });
      const inputs = ["gs://in/a", "gs://in/b"];
      const { records, manifest } = await readAll(store, { prefix, inputs });
      expect(brief(records)).to.deep.equal([
        [0, "missing"],
        [1, "missing"],
      ]);
      expect(manifest.unexpected.count).to.equal(1);
    });

    it("decodes enums by name, and error details of known types", async () => {
      const details = [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d" },
        { "@type": "type.googleapis.com/example.Unknown", value: "AQI=" },
      ];
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: imageShard(
          {
            safeSearchAnnotation: { adult: 5, violence: "VERY_UNLIKELY", racy: "NEWER_THAN_US" },
            context: { uri: "gs://in/a" },
          },
          { error: { code: 8, message: "quota", details }, context: { uri: "gs://in/b" } },
        ),
      });
      const [first, second] = (await readAll(store, prefix)).records;
      expect(first?.status === "succeeded" && first.response.safeSearchAnnotation).to.deep.equal({
        adult: "VERY_LIKELY",
        violence: "VERY_UNLIKELY",
        racy: "NEWER_THAN_US",
      });
      expect(second?.status === "failed" && second.error.details).to.deep.equal([
        {
          typeUrl: "type.googleapis.com/google.rpc.ErrorInfo",
          value: { reason: "R", domain: "d" },
        },
        { typeUrl: "type.googleapis.com/example.Unknown", bytes: Buffer.from([1, 2]) },
      ]);
    });

    it("reads gzip, byte order marks, and what other clients dump", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-1.json`]: gzipSync(imageShard(text("gs://in/a"))),
        [`${prefix}output-2-to-2.json`]: `\ufeff${JSON.stringify([text("gs://in/b")])}`,
        [`${prefix}output-3-to-3.json`]: JSON.stringify(text("gs://in/c")),
        [`${prefix}output-4-to-4.json`]: JSON.stringify({
          responses: [{ text_annotations: [{ description: "d" }], context: { uri: "gs://in/d" } }],
        }),
      });
      const { records } = await readAll(store, prefix);
      expect(records.map(({ status, uri }) => [status, uri.at(-1)].join())).to.deep.equal([
        "succeeded,a",
        "succeeded,b",
        "succeeded,c",
        "succeeded,d",
      ]);
      const last = records[3];
      expect(last?.status === "succeeded" && last.response.textAnnotations).to.have.length(1);
    });
  });

  describe("of documents", () => {
    const pdf = "gs://in/a b.pdf";

    it("yields a record for each page and counts the document once", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: fileShard(pdf, page(pdf, 1), page(pdf, 2)),
        [`${prefix}output-3-to-3.json`]: fileShard(pdf, page(pdf, 3)),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs: [pdf] });
      expect(brief(records)).to.deep.equal([1, 2, 3].map((number) => [0, "succeeded", number]));
      expect(manifest.counts.succeeded).to.equal(1);
      expect(manifest).to.include({ inputs: 1, pages: 3 });
    });

    it("tells the pages of a shard that is not there, and calls the document partial", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-1.json`]: fileShard(pdf, page(pdf, 1)),
        [`${prefix}output-4-to-4.json`]: fileShard(pdf, page(pdf, 4)),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs: [pdf] });
      expect(brief(records)).to.deep.equal([
        [0, "succeeded", 1],
        [0, "succeeded", 4],
        [0, "missing", 2],
        [0, "missing", 3],
      ]);
      expect(manifest.counts.partial).to.equal(1);
    });

    it("reads documents found without being asked for, each with an index of its own", async () => {
      const other = "gs://in/b.tiff";
      const store = memoryStore({
        [`${prefix}0/output-1-to-2.json`]: fileShard(pdf, page(pdf, 1), page(pdf, 2)),
        [`${prefix}1/output-1-to-1.json`]: fileShard(other, page(other, 1)),
      });
      const { records, manifest } = await readAll(store, [`${prefix}0/`, `${prefix}1/`]);
      expect(brief(records)).to.deep.equal([
        [0, "succeeded", 1],
        [0, "succeeded", 2],
        [1, "succeeded", 1],
      ]);
      expect(manifest).to.include({ inputs: 2, pages: 3 });
    });

    it("takes the page of a failed response without context from the name of its shard", async () => {
      const error = { error: { code: 13, message: "page broken" } };
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: fileShard(pdf, page(pdf, 1), error),
      });
      const { records } = await readAll(store, { prefix, inputs: [pdf] });
      expect(brief(records)).to.deep.equal([
        [0, "succeeded", 1],
        [0, "failed", 2],
      ]);
    });

    it("reports a file that failed as a whole once", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-1.json`]: JSON.stringify({
          inputConfig: { gcsSource: { uri: pdf }, mimeType: "application/pdf" },
          error: { code: 3, message: "not a PDF" },
        }),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs: [pdf] });
      expect(brief(records)).to.deep.equal([[0, "failed"]]);
      expect(manifest.counts.failed).to.equal(1);
    });

    it("does not invent pages for a number that no document can have", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-999999999.json`]: fileShard(pdf, page(pdf, 1)),
      });
      const { records } = await readAll(store, { prefix, inputs: [pdf] });
      expect(records).to.have.length(2000);
    });
  });

  describe("of several sources", () => {
    it("counts places on, keeps given ones, and tells what was never sent", async () => {
      const store = memoryStore({
        [`${prefix}0/output-1-to-1.json`]: imageShard(text("gs://in/a")),
        [`${prefix}1/output-1-to-1.json`]: imageShard(text("gs://in/a")),
      });
      const error = new Error("rejected");
      const { records, manifest } = await readAll(store, [
        { prefix: `${prefix}0/`, inputs: ["gs://in/a"] },
        { prefix: `${prefix}1/`, inputs: [{ uri: "gs://in/a", index: 7 }] },
        { inputs: ["gs://in/b"], error },
        { prefix: `${prefix}2/`, inputs: ["gs://in/c"], error },
      ]);
      expect(brief(records)).to.deep.equal([
        [0, "succeeded"],
        [7, "succeeded"],
        [1, "notSubmitted"],
        [2, "missing"],
      ]);
      expect(records.slice(2).map((record) => "error" in record && record.error)).to.deep.equal([
        error,
        error,
      ]);
      expect(manifest.counts).to.deep.equal({
        succeeded: 2,
        partial: 0,
        failed: 0,
        missing: 1,
        notSubmitted: 1,
      });
    });
  });

  describe("of shards that cannot be read", () => {
    const good = { [`${prefix}output-3-to-3.json`]: imageShard(text("gs://in/c")) };
    const inputs = ["gs://in/a", "gs://in/b", "gs://in/c"];
    const bad: Readonly<Record<string, string | Uint8Array>> = {
      "cut off": '{"responses":[{"context":{"uri":"gs://in/a"}',
      "no JSON": "<html>",
      "a number": "3",
      "responses that are no list": '{"responses":{}}',
      empty: "",
      "not UTF-8": Uint8Array.of(0x7b, 0xff, 0x7d),
      "broken gzip": gzipSync(imageShard(text("gs://in/a"))).subarray(0, 30),
    };
    for (const [what, content] of Object.entries(bad)) {
      it(`reports one that is ${what} and reads the others`, async () => {
        const store = memoryStore({ [`${prefix}output-1-to-2.json`]: content, ...good });
        const { records, manifest } = await readAll(store, { prefix, inputs });
        expect(brief(records)).to.deep.equal([
          [2, "succeeded"],
          [0, "missing"],
          [1, "missing"],
        ]);
        const [error] = manifest.shardErrors;
        expect(error).to.be.instanceOf(ShardError);
        expect(error?.uri).to.equal(`${prefix}output-1-to-2.json`);
        expect(records[1]).to.deep.include({ status: "missing", error });
      });
    }

    it("tells the byte at which the JSON breaks", async () => {
      const start = '{"responses":[{"context":{"uri":"gs://in/ä"}}';
      for (const [content, offset] of [
        [start, Buffer.byteLength(start)],
        [`${start}}`, Buffer.byteLength(start)],
      ] as const) {
        const store = memoryStore({ [`${prefix}output-1-to-1.json`]: content });
        const { manifest } = await readAll(store, prefix);
        expect(manifest.shardErrors[0]?.byteOffset).to.equal(offset);
      }
    });

    it("goes on after a response that is none", async () => {
      const store = memoryStore({
        [`${prefix}output-1-to-3.json`]: imageShard(
          text("gs://in/a"),
          { textAnnotations: 7, context: { uri: "gs://in/b" } },
          text("gs://in/c"),
        ),
      });
      const { records, manifest } = await readAll(store, { prefix, inputs });
      expect(brief(records)).to.deep.equal([
        [0, "succeeded"],
        [2, "succeeded"],
        [1, "missing"],
      ]);
      expect(manifest.shardErrors[0]?.message).to.contain("response 2");
    });

    it("refuses one that is larger than allowed, also when it only grows to it", async () => {
      const zipped = gzipSync(imageShard(text("gs://in/a", " ".repeat(10_000))));
      const store = memoryStore({
        [`${prefix}output-1-to-1.json`]: imageShard(text("gs://in/a", " ".repeat(10_000))),
        [`${prefix}output-2-to-2.json`]: zipped,
      });
      const { manifest } = await readAll(store, prefix, { maxShardBytes: 5000 });
      expect(manifest.shardErrors).to.have.length(2);
    });

    it("stops at the first one when asked to", async () => {
      const store = memoryStore({ [`${prefix}output-1-to-2.json`]: "{", ...good });
      const reading = readAll(store, { prefix, inputs }, { stopOnShardError: true });
      expect(await rejection(reading)).to.be.instanceOf(ShardError);
      expect(store.open).to.equal(0);
    });

    it("is harmed by no deep nesting and by no __proto__", async () => {
      const deep = "[".repeat(50_000) + "]".repeat(50_000);
      const store = memoryStore({
        [`${prefix}output-1-to-2.json`]: `{"responses":[{"labelAnnotations":${deep}},{"__proto__":{"polluted":1},"context":{"uri":"gs://in/b"}}]}`,
      });
      const { records, manifest } = await readAll(store, { prefix, inputs: ["gs://in/b"] });
      expect(brief(records)).to.deep.equal([[0, "succeeded"]]);
      expect(manifest.shardErrors).to.have.length(1);
      expect(({} as Record<string, unknown>)["polluted"]).to.equal(undefined);
    });
  });

  describe("while it reads", () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `${prefix}output-${index + 1}-to-${index + 1}.json`,
        imageShard(text(`gs://in/${index}`)),
      ]),
    );

    it("fetches no more shards ahead than it is told to", async () => {
      const store = memoryStore(many);
      const iterator = readResults(store, prefix, { prefetch: 3 })[Symbol.asyncIterator]();
      await iterator.next();
      await new Promise(setImmediate);
      expect(store.begun.length).to.be.within(2, 4);
      await iterator.return?.();
    });

    it("reads everything without fetching ahead", async () => {
      const store = memoryStore(many);
      const reader = readResults(store, prefix, { prefetch: 0 });
      for await (const { index } of reader) expect(store.begun).to.have.length(index + 1);
      expect(reader.manifest?.inputs).to.equal(20);
    });

    it("is iterated once", async () => {
      const reader = readResults(memoryStore(many), prefix);
      for await (const record of reader) if (record.index === 1) break;
      expect(() => reader[Symbol.asyncIterator]()).to.throw(TypeError, "once");
    });

    it("releases everything on break", async () => {
      const store = memoryStore(many, { beforeRead: untilAborted(`${prefix}output-3-to-3.json`) });
      for await (const record of readResults(store, prefix)) {
        expect(record.index).to.equal(0);
        break;
      }
      expect(store.open).to.equal(0);
    });

    it("rejects with the signal's reason and releases everything on abort", async () => {
      const store = memoryStore(many, { beforeRead: untilAborted(`${prefix}output-3-to-3.json`) });
      const controller = new AbortController();
      const reason = new Error("enough");
      const reading = (async () => {
        for await (const record of readResults(store, prefix, { signal: controller.signal })) {
          if (record.index === 1) setImmediate(() => controller.abort(reason));
        }
      })();
      expect(await rejection(reading)).to.equal(reason);
      expect(store.open).to.equal(0);
    });

    it("throws what is wrong with the store rather than calling everything missing", async () => {
      const uri = `${prefix}output-2-to-2.json`;
      const store = memoryStore(many, {
        beforeRead: (read) =>
          read === uri
            ? Promise.reject(new StorageError("no", { reason: "permissionDenied", uri }))
            : Promise.resolve(),
      });
      expect(await rejection(readAll(store, prefix))).to.be.instanceOf(StorageError);
      expect(store.open).to.equal(0);
    });

    it("has no manifest before the end", async () => {
      const reader = readResults(memoryStore(many), prefix);
      for await (const record of reader) {
        expect(reader.manifest).to.equal(undefined);
        if (record.index === 19) break;
      }
    });
  });
});

/** Holds one read back until it is aborted. */
function untilAborted(uri: string) {
  return (read: string, signal: AbortSignal | undefined) =>
    read !== uri
      ? Promise.resolve()
      : new Promise<void>((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
        });
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it should have been rejected"),
    (error: unknown) => error,
  );
}
