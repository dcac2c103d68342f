import { expect } from "chai";
import { findOutputPrefixes, findShards } from "../../src/results/index.ts";
import { memoryStore } from "./memory-store.ts";

describe("findOutputPrefixes", () => {
  it("finds every prefix with shards below one, once", async () => {
    const store = memoryStore({
      "gs://bucket/run/000000/1/output-1-to-2.json": "",
      "gs://bucket/run/000000/1/output-3-to-4.json": "",
      "gs://bucket/run/000001/1/0/output-1-to-1.json": "",
      "gs://bucket/run/000001/1/1/part-output-1-to-1.json": "",
      "gs://bucket/run/inputs/0-a.png": "",
      "gs://bucket/run2/output-1-to-1.json": "",
    });
    expect(await findOutputPrefixes(store, "gs://bucket/run/")).to.deep.equal([
      "gs://bucket/run/000000/1/",
      "gs://bucket/run/000001/1/0/",
      "gs://bucket/run/000001/1/1/part-",
    ]);
  });
});

describe("findShards", () => {
  it("takes no shard whose numbers run backwards", async () => {
    const store = memoryStore({
      "gs://bucket/output-5-to-2.json": "",
      "gs://bucket/output-0-to-1.json": "",
      "gs://bucket/output-1-to-1.json.gz": "",
    });
    const { shards } = await findShards(store, "gs://bucket/");
    expect(shards.map(({ object }) => object.name)).to.deep.equal(["output-1-to-1.json.gz"]);
  });
});
