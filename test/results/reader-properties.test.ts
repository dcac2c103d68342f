import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import type { ReadResultsOptions, ResultRecord } from "../../src/results/index.ts";
import { scriptedSource } from "./followed-source.ts";
import { maskObject, pathsOf } from "./mask-object.ts";
import { memoryStore } from "./memory-store.ts";
import { imageResponse, pageResponse, prefix, readAll, toShards } from "./shard-fixtures.ts";

const options = { seed: 20261122, numRuns: 150 };

/** Reads of a store in pieces of some sizes. */
function inPieces(store: ObjectStore, sizes: readonly number[]): ObjectStore {
  return {
    ...store,
    async *read(uri, readOptions) {
      let next = 0;
      for await (const bytes of store.read(uri, readOptions)) {
        for (let at = 0; at < bytes.length; next++) {
          const size = sizes[next % sizes.length] ?? bytes.length;
          yield bytes.subarray(at, at + size);
          at += size;
        }
      }
    },
  };
}

/** Inputs, some of them several times, and a response for each but a few. */
const job = fc
  .array(
    fc.tuple(fc.nat(12), fc.constantFrom("text", "text", "text", "failed", "partial", "none")),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((entries) => {
    const inputs = entries.map(([name]) => `gs://in/${name}.png`);
    const responses = entries.flatMap(([, kind], index) => {
      const uri = inputs[index] ?? "";
      if (kind === "none") return [];
      const error = { code: 7, message: `denied ${index}` };
      if (kind === "failed") return [{ error, context: { uri } }];
      const response = imageResponse(uri, `text ${index}`);
      return [kind === "partial" ? { ...response, error } : response];
    });
    return { inputs, responses };
  });
const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const pieces = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 });
const ways: fc.Arbitrary<ReadResultsOptions> = fc.record({
  prefetch: fc.integer({ min: 1, max: 5 }),
  maxBufferedBytes: fc.constantFrom(0, 300, 100_000),
});

const byIndex = (records: readonly ResultRecord[]) =>
  [...records].sort((a, b) => a.index - b.index || (a.page ?? 0) - (b.page ?? 0));

describe("readResults, whatever the shards", () => {
  it("gives the same records for every split into shards and pieces, and counts that add up", async () => {
    await fc.assert(
      fc.asyncProperty(
        job,
        sizes,
        pieces,
        ways,
        fc.boolean(),
        async (given, split, cut, way, zipped) => {
          const { inputs, responses } = given;
          const plain = memoryStore(toShards(responses, [inputs.length]));
          const expected = await readAll(plain, { prefix, inputs });
          const shards = Object.entries(toShards(responses, split));
          const kept = memoryStore(
            Object.fromEntries(shards.map(([uri, text]) => [uri, zipped ? gzipSync(text) : text])),
          );
          const store = inPieces(kept, cut);
          const { records, manifest } = await readAll(store, { prefix, inputs }, way);
          expect(records).to.deep.equal(expected.records);
          expect(manifest.counts).to.deep.equal(expected.manifest.counts);
          const counted = Object.values(manifest.counts).reduce((sum, count) => sum + count, 0);
          expect(counted).to.equal(inputs.length);
          expect(manifest.responses).to.equal(responses.length);
          const sorted = await readAll(store, { prefix, inputs }, { ...way, order: "input" });
          expect(sorted.records).to.deep.equal(byIndex(expected.records));
          expect(kept.open).to.equal(0);
        },
      ),
      options,
    );
  });

  it("gives each input its response in whatever order they stand", async () => {
    const uris = fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        uris.chain((names) => fc.tuple(fc.constant(names), fc.shuffledSubarray(names))),
        sizes,
        async ([names, order], split) => {
          const inputs = names.map((name) => `gs://in/${name}`);
          const responses = order.map((name) => imageResponse(`gs://in/${name}`));
          const store = memoryStore(toShards(responses, split));
          const { records, manifest } = await readAll(
            store,
            { prefix, inputs },
            { order: "input" },
          );
          expect(records.map(({ index, uri }) => [index, uri])).to.deep.equal([
            ...inputs.entries(),
          ]);
          const found = new Set(order);
          expect(records.map(({ status }) => status)).to.deep.equal(
            names.map((name) => (found.has(name) ? "succeeded" : "missing")),
          );
          expect(manifest.counts.succeeded).to.equal(order.length);
        },
      ),
      options,
    );
  });

  it("gives the same of a source that is followed, whenever its shards appear", async () => {
    await fc.assert(
      fc.asyncProperty(job, sizes, fc.nat(3), fc.gen(), async (given, split, prefetch, gen) => {
        const { inputs, responses } = given;
        const shards = Object.entries(toShards(responses, split));
        const whole = await readAll(
          memoryStore(Object.fromEntries(shards)),
          { prefix, inputs },
          { order: "input" },
        );
        const appearing = gen(fc.shuffledSubarray, shards, { minLength: shards.length });
        const { store, until, wait } = scriptedSource(
          appearing.map((shard) => Object.fromEntries([shard])),
        );
        const source = { prefix, inputs, until };
        const followed = await readAll(store, source, { order: "input", prefetch, wait });
        expect(followed.records).to.deep.equal(whole.records);
        expect(followed.manifest).to.deep.equal(whole.manifest);
      }),
      options,
    );
  });

  it("reads through a mask what masking afterwards leaves", async () => {
    const masks = [
      "textAnnotations.description",
      "fullTextAnnotation.text,labelAnnotations",
      "context",
      "*",
    ];
    await fc.assert(
      fc.asyncProperty(
        job,
        sizes,
        pieces,
        ways,
        fc.constantFrom(...masks),
        async (given, split, cut, way, readMask) => {
          const { inputs, responses } = given;
          const store = inPieces(memoryStore(toShards(responses, split)), cut);
          const whole = await readAll(store, { prefix, inputs }, way);
          const masked = await readAll(store, { prefix, inputs }, { ...way, readMask });
          expect(masked.records).to.deep.equal(
            whole.records.map((record) =>
              "response" in record && readMask !== "*"
                ? { ...record, response: maskObject(record.response, pathsOf(readMask)) }
                : record,
            ),
          );
          expect(masked.manifest).to.deep.equal(whole.manifest);
        },
      ),
      options,
    );
  });

  it("goes on from the cursor after any record with exactly the rest", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(job, { minLength: 1, maxLength: 3 }),
        sizes,
        fc.constantFrom("arrival", "input"),
        fc.boolean(),
        async (jobs, split, order, areGiven) => {
          const objects: Record<string, string> = {};
          const sources = jobs.map(({ inputs, responses }, number) => {
            for (const [uri, text] of Object.entries(toShards(responses, split))) {
              objects[uri.replace(prefix, `${prefix}${number}/`)] = text;
            }
            return { prefix: `${prefix}${number}/`, ...(areGiven ? { inputs } : {}) };
          });
          const store = memoryStore(objects);
          const whole = await readAll(store, sources, { order });
          for (const [index, cursor] of whole.cursors.entries()) {
            const rest = await readAll(store, sources, { order, cursor });
            expect(rest.records).to.deep.equal(whole.records.slice(index + 1));
            expect(rest.manifest).to.deep.equal(whole.manifest);
            const [again] = rest.cursors;
            if (again === undefined) continue;
            const last = await readAll(store, sources, { order, cursor: again });
            expect(last.records).to.deep.equal(whole.records.slice(index + 2));
          }
        },
      ),
      { ...options, numRuns: 40 },
    );
  });

  it("goes on from the cursor within documents", async () => {
    const uris = ["gs://in/a.pdf", "gs://in/b.pdf"];
    const responses = uris.flatMap((uri) => [1, 2, 3].map((page) => pageResponse(uri, page)));
    const store = memoryStore(toShards([...responses, { error: { code: 3 } }], [2]));
    for (const source of [{ prefix, inputs: [...uris, "gs://in/c.pdf"] }, { prefix }]) {
      const whole = await readAll(store, source);
      for (const [index, cursor] of whole.cursors.entries()) {
        const rest = await readAll(store, source, { cursor });
        expect(rest.records).to.deep.equal(whole.records.slice(index + 1));
        expect(rest.manifest).to.deep.equal(whole.manifest);
      }
    }
  });
});
