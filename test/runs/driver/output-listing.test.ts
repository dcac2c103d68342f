import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createDirectoryStore, type ObjectStore } from "../../../src/index.ts";
import { listOutput } from "../../../src/runs/driver/output-listing.ts";

describe("listOutput", () => {
  let folder: string;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-listing-"));
    store = createDirectoryStore(folder);
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function put(...names: readonly string[]): Promise<void> {
    for (const name of names) await store.write(`gs://out/${name}`, new Uint8Array());
  }

  it("counts the images that shards account for, each once", async () => {
    await put("a/output-1-to-20.json", "a/output-15-to-30.json", "a/output-41-to-45.json");
    const listed = await listOutput(store, { prefix: "gs://out/a/", kind: "image" });
    expect(listed).to.deep.equal({ shards: 3, inputs: 35 });
  });

  it("counts files that have any shard", async () => {
    await put("a/0/output-1-to-2.json", "a/0/output-3-to-4.json", "a/12/output-1-to-1.json");
    const listed = await listOutput(store, { prefix: "gs://out/a/", kind: "file" });
    expect(listed).to.deep.equal({ shards: 3, inputs: 2 });
  });

  it("takes nothing of other prefixes and of what is no shard", async () => {
    await put("a/x/output-1-to-2.json", "a/notes.txt", "ab/output-1-to-2.json");
    const listed = await listOutput(store, { prefix: "gs://out/a/", kind: "image" });
    expect(listed).to.deep.equal({ shards: 0, inputs: 0 });
  });
});
