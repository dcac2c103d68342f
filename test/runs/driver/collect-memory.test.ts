import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { collectChunk } from "../../../src/runs/driver/collect-chunk.ts";
import type { ObjectInfo, ObjectStore } from "../../../src/storage/object-store.ts";
import { memoryStore } from "../../results/memory-store.ts";

const mebibyte = 1024 * 1024;
const prefix = "gs://out/run/";
const inputCount = 10_000;
const shardSize = 20;
const from = 1000;
/** As the symbols of a page, which the mask leaves out. */
const pages = Array.from({ length: 100 }, () => ({
  property: {},
  confidence: 0.97,
  text: "lorem",
}));

const uriOf = (index: number): string => `gs://in/page-${index}.jpg`;

/** A store whose shards are made when they are read, so that it holds none. */
function madeStore(): ObjectStore {
  return {
    ...memoryStore({}),
    async *list() {
      for (let first = 1; first <= inputCount; first += shardSize) {
        const name = `run/output-${first}-to-${first + shardSize - 1}.json`;
        const [bucket, generation, updated] = ["out", "1", "2026-01-01T00:00:00Z"];
        const info = { uri: `gs://out/${name}`, bucket, name, generation, size: 1, updated };
        yield await Promise.resolve(info satisfies ObjectInfo);
      }
    },
    async *read(uri) {
      const first = Number(/output-(\d+)/.exec(uri)?.[1]);
      const responses = Array.from({ length: shardSize }, (_, at) => ({
        fullTextAnnotation: { pages, text: `page ${first + at} `.repeat(50) },
        context: { uri: uriOf(first + at - 1) },
      }));
      yield await Promise.resolve(Buffer.from(JSON.stringify({ responses })));
    },
  };
}

/** What is alive now, buffers included. */
async function liveBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  // Buffers are counted until a turn has released what was collected.
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How much more is alive at the last record of a chunk than at the 1,000th. */
async function growth(onRecord: (record: unknown) => void): Promise<number> {
  const inputs = Array.from({ length: inputCount }, (_, index) => ({ uri: uriOf(index), index }));
  const source = { store: madeStore(), version: "v1", kind: "image", inputs, prefix } as const;
  const live: number[] = [];
  let count = 0;
  const readMask = "fullTextAnnotation.text";
  const { counts } = await collectChunk({ ...source, readMask }, async (records) => {
    for (const record of records) onRecord(record);
    const before = count;
    count += records.length;
    if (before < from && count >= from) live.push(await liveBytes());
    if (count === inputCount) live.push(await liveBytes());
  });
  expect(counts.succeeded).to.equal(inputCount);
  const [before = NaN, after = NaN] = live;
  return after - before;
}

describe("memory of a chunk that is collected", function () {
  this.timeout(60_000);
  const most = 2 * mebibyte;

  before(liveBytes);

  it("does not grow with the records that were taken", async () => {
    expect(await growth(() => undefined)).to.be.lessThan(most);
  });

  it("is held to a check that sees what is kept", async () => {
    const kept: unknown[] = [];
    expect(await growth((record) => kept.push(record))).to.be.greaterThan(most);
    expect(kept).to.have.length(inputCount);
  });
});
