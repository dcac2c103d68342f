import { expect } from "chai";
import { readResults } from "../../src/results/index.ts";
import { createCloudStorageStore } from "../../src/index.ts";
import { createCloudStorageStore as createUnwrapped } from "../../src/storage/index.ts";
import { givesAway, givingAway } from "../../src/storage/given-parts.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import { memoryStore } from "./memory-store.ts";

const text = "a page ".repeat(10_000);
const shard = JSON.stringify({
  responses: Array.from({ length: 5 }, (_, index) => ({
    fullTextAnnotation: { text },
    context: { uri: `gs://in/${index}.png` },
  })),
});

/** A store that keeps what it yields: parts of its own, and one that is a view of more. */
function watchedStore(): { readonly store: ObjectStore; readonly parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  const bytes = new TextEncoder().encode(shard);
  const store: ObjectStore = {
    ...memoryStore({ "gs://out/run/output-1-to-5.json": shard }),
    async *read() {
      const shared = bytes.slice();
      for (const part of [bytes.slice(0, 50_000), shared.subarray(50_000)]) {
        parts.push(part);
        yield await Promise.resolve(part);
      }
    },
  };
  return { store, parts };
}

async function textsOf(store: ObjectStore): Promise<readonly unknown[]> {
  const texts: unknown[] = [];
  for await (const record of readResults(store, "gs://out/run/")) {
    texts.push(record.status === "succeeded" && record.response.fullTextAnnotation?.text);
  }
  return texts;
}

describe("parts that a store gives away", () => {
  it("are freed when they were read, unless others may have a view of them", async () => {
    const { store, parts } = watchedStore();
    expect(await textsOf(givingAway(store))).to.deep.equal(Array(5).fill(text));
    expect(parts.map(({ length }) => length)).to.deep.equal([0, shard.length - 50_000]);
  });

  it("are those of Cloud Storage alone, and not of what is made of it", async () => {
    const cloud = createCloudStorageStore();
    expect(givesAway(cloud)).to.equal(true);
    expect(givesAway(createUnwrapped())).to.equal(true);
    expect(givesAway({ ...cloud })).to.equal(false);
    const { store, parts } = watchedStore();
    expect(await textsOf(store)).to.deep.equal(Array(5).fill(text));
    expect(parts.map(({ length }) => length)).to.deep.equal([50_000, shard.length - 50_000]);
  });
});
