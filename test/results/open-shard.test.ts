import { expect } from "chai";
import { ShardError, StorageError } from "../../src/errors/index.ts";
import { openShard } from "../../src/results/open-shard.ts";
import { limitsOf } from "../../src/results/read-options.ts";
import type { ObjectInfo, ObjectStore } from "../../src/storage/object-store.ts";
import { rejection } from "../fixtures/rejection.ts";
import { memoryStore } from "./memory-store.ts";

const uri = "gs://bucket/run/output-1-to-1.json";

/** Opens a shard of a store that reads as told. */
function opened(read: ObjectStore["read"], limits: { readonly maxShardBytes?: number } = {}) {
  const name = "run/output-1-to-1.json";
  const facts = { generation: "1", size: 100, updated: "2026-01-01T00:00:00Z" };
  const object: ObjectInfo = { uri, bucket: "bucket", name, ...facts };
  const options = { ...limitsOf(limits), signal: new AbortController().signal };
  return openShard(
    { ...memoryStore({}), read },
    { first: 1, last: 1, suffix: [], object },
    options,
  );
}

describe("openShard", () => {
  it("tells of the shard where a store of the caller's own throws as it is called", async () => {
    const error = await rejection(
      opened(() => {
        throw new StorageError("it is gone", { reason: "notFound", uri });
      }),
    );
    expect(error).to.be.instanceOf(ShardError);
    expect(error).to.have.property("uri", uri);
  });

  it("asks a store for nothing of a shard that is too large", async () => {
    let calls = 0;
    const reading = opened(
      () => {
        calls++;
        return (async function* () {})();
      },
      { maxShardBytes: 99 },
    );
    expect(await rejection(reading)).to.be.instanceOf(ShardError);
    expect(calls).to.equal(0);
  });
});
