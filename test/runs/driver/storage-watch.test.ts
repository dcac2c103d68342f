import { expect } from "chai";
import { createCloudStorageStore, StorageError, type ObjectStore } from "../../../src/index.ts";
import { StorageWatch } from "../../../src/runs/driver/storage-watch.ts";
import { givesAway } from "../../../src/storage/given-parts.ts";
import { until } from "../../fixtures/emulator.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { memoryStore } from "../../results/memory-store.ts";
import { request, RunsFixture } from "../runs-fixture.ts";

const prefix = "gs://out/run/";
const clock = { now: () => 1000, sleep: () => Promise.resolve() };

async function listAll(store: ObjectStore): Promise<number> {
  let count = 0;
  for await (const _ of store.list(prefix)) count++;
  return count;
}

describe("StorageWatch", () => {
  /** What the store does before each object and at the end. */
  let before: () => Promise<void>;
  let base: ObjectStore;

  beforeEach(() => {
    before = () => Promise.resolve();
    const memory = memoryStore({ "gs://out/run/a": "a", "gs://out/run/b": "b" });
    base = {
      ...memory,
      async *list(...args) {
        await before();
        yield* memory.list(...args);
      },
    };
  });

  it("tells of a listing that is not answered, until it is", async () => {
    const watch = new StorageWatch(clock, 1);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    before = () => promise;
    const listed = listAll(watch.watch(base));
    await until(() => watch.trouble !== undefined);
    expect(watch.trouble).to.include({ sinceMs: 1000 });
    expect(watch.trouble?.error).to.include({ reason: "unavailable", uri: prefix });
    expect(watch.trouble?.error.message).to.contain("it is still waited for");
    resolve(undefined);
    expect(await listed).to.equal(2);
    expect(watch.trouble).to.equal(undefined);
  });

  it("tells of what failed until anything is answered, though it says no", async () => {
    const watch = new StorageWatch(clock, 60_000);
    const store = watch.watch(base);
    const fail = (reason: "unavailable" | "notFound") => {
      before = () => Promise.reject(new StorageError(reason, { reason, uri: prefix }));
      return rejection(listAll(store));
    };
    const error = await fail("unavailable");
    await fail("unavailable");
    expect(watch.trouble).to.deep.equal({ sinceMs: 1000, error });
    await fail("notFound");
    expect(watch.trouble).to.equal(undefined);
  });

  it("gives its reader what it reads, as its store does, so that it is freed at once", () => {
    const watch = new StorageWatch(clock, 1);
    expect(givesAway(watch.watch(createCloudStorageStore()))).to.equal(true);
    expect(givesAway(watch.watch(base))).to.equal(false);
  });

  it("does not count the time for which its listing is not asked for more", async () => {
    const watch = new StorageWatch(clock, 1);
    for await (const _ of watch.watch(base).list(prefix)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(watch.trouble).to.equal(undefined);
      break;
    }
    expect(watch.trouble).to.equal(undefined);
  });
});

describe("a run whose storage does not answer", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("tells so after a few seconds, and goes on when it does", async () => {
    const base = createCloudStorageStore({ apiEndpoint: fixture.addresses.rest });
    const { promise: mended, resolve: mend } = Promise.withResolvers<undefined>();
    const store: ObjectStore = {
      ...base,
      async *list(place, options) {
        if (place.includes("/000000/")) await mended;
        yield* base.list(place, options);
      },
    };
    const runs = await fixture.open({ store, connectNoticeMs: 20 });
    const run = await runs.start(request(10));
    // The connection to the service may have been waited for as well, before.
    await until(async () => (await run.snapshot()).problem?.error instanceof StorageError);
    const { problem, chunks } = await run.snapshot();
    expect(problem?.error).to.include({ reason: "unavailable" });
    expect(chunks.collecting).to.equal(1);
    mend(undefined);
    const done = await run.wait();
    expect(done.inputs.succeeded).to.equal(10);
    expect(done).not.to.have.property("problem");
  });
});
