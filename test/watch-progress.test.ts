import { expect } from "chai";
import { StorageError, VisionBatchError } from "../src/errors/index.ts";
import { watchProgress, type OperationProgress } from "../src/watch-progress.ts";
import type { ObjectStore } from "../src/storage/index.ts";
import { FakeClock, settle } from "./fixtures/fake-clock.ts";
import { rejection } from "./fixtures/rejection.ts";
import { callError, TimedOperations } from "./fixtures/timed-operations.ts";
import { memoryStore } from "./results/memory-store.ts";

const prefix = "gs://b/out/";
const origin = { kind: "asyncBatchAnnotateImages", size: 100, outputs: [prefix] };

async function open({ durationMs = 60_000, from = origin, ends = true } = {}) {
  const clock = new FakeClock();
  const server = new TimedOperations({
    clock,
    interfere: () => {
      if (!ends && clock.now() > 0) throw callError("NOT_FOUND");
    },
  });
  const handle = await server.start("operations/x", durationMs, from);
  return { clock, handle, server, store: new GrowingStore() };
}

/** A store whose objects appear one by one, and whose listings can fail. */
class GrowingStore {
  readonly #uris = new Set<string>();
  fails = false;

  /** A shard appears. */
  add(first: number, last: number, { to = prefix, suffix = "" } = {}): void {
    this.#uris.add(`${to}output-${first}-to-${last}${suffix}.json`);
  }

  get objects(): ObjectStore {
    const list: ObjectStore["list"] = (...args) => {
      const error = new StorageError("scripted", { reason: "unavailable", uri: prefix });
      if (this.fails) throw error;
      const objects = Object.fromEntries([...this.#uris].map((uri) => [uri, "{}"]));
      return memoryStore(objects).list(...args);
    };
    return { ...memoryStore({}), list };
  }
}

async function collect(progress: AsyncIterable<OperationProgress>) {
  const seen: OperationProgress[] = [];
  for await (const each of progress) seen.push(each);
  return seen;
}

describe("watchProgress", () => {
  it("counts what appears, and tells rate and time left from how it grows", async () => {
    const { clock, handle, store } = await open();
    const all = collect(watchProgress(handle, { store: store.objects, clock }));
    for (let shard = 0; shard < 5; shard += 1) {
      await clock.advance(9000);
      store.add(shard * 20 + 1, shard * 20 + 20);
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    const seen = await all;
    expect(seen[0]).to.deep.include({ state: "running", shards: "none", done: 0, total: 100 });
    expect(seen[1]).to.deep.include({ shards: "atOnce", done: 20, ratePerSecond: undefined });
    expect(seen[2]).to.deep.include({
      ...{ shards: "appearing", done: 40, ratePerSecond: 2, timeLeftMs: 30_000 },
    });
    expect(seen.at(-1)).to.deep.include({ state: "succeeded", done: 100, timeLeftMs: undefined });
    expect(clock.pending).to.equal(0);
  });

  it("invents nothing where all shards appear at the end", async () => {
    const { clock, handle, store } = await open();
    const all = collect(watchProgress(handle, { store: store.objects, clock }));
    await clock.advance(59_500);
    store.add(1, 100);
    await clock.advance(60_000);
    const seen = await all;
    const untold = seen.filter(({ shards }) => shards !== "atOnce");
    expect(untold.length).to.be.above(3);
    for (const each of seen)
      expect(each).to.include({ ratePerSecond: undefined, timeLeftMs: undefined });
    expect(seen.at(-1)).to.deep.include({ state: "succeeded", shards: "atOnce", done: 100 });
  });

  it("slows its rate while nothing more appears", async () => {
    const { clock, handle, store } = await open({ durationMs: 600_000 });
    const all = collect(watchProgress(handle, { store: store.objects, clock }));
    store.add(1, 20);
    await clock.advance(9000);
    store.add(21, 40);
    await clock.advance(700_000);
    const rates = (await all).flatMap(({ ratePerSecond }) => ratePerSecond ?? []);
    expect(rates[0]).to.equal(2);
    expect(rates.at(10)).to.be.below(0.3);
  });

  it("counts the pages of files over all their prefixes, overlaps once, others not", async () => {
    const outputs = ["gs://b/1/", "gs://b/2/"];
    const from = { kind: "asyncBatchAnnotateFiles", size: 2, outputs };
    const { clock, handle, store } = await open({ from });
    store.add(1, 20, { to: "gs://b/1/" });
    store.add(1, 10, { to: "gs://b/2/" });
    store.add(5, 12, { to: "gs://b/2/", suffix: "-2" });
    store.add(1, 10, { to: "gs://b/3/" });
    const all = collect(watchProgress(handle, { store: store.objects, clock }));
    await clock.advance(200_000);
    expect((await all)[0]).to.deep.include({ done: 32, total: undefined, timeLeftMs: undefined });
  });

  it("goes on over a listing that fails, with the numbers of the last", async () => {
    const { clock, handle, store } = await open();
    store.add(1, 20);
    const all = collect(watchProgress(handle, { store: store.objects, clock }));
    await settle();
    store.fails = true;
    await clock.advance(10_000);
    store.fails = false;
    await clock.advance(100_000);
    const [first, second, third] = await all;
    expect(first).to.include({ done: 20, listError: undefined });
    expect(second).to.include({ done: 20, state: "running" });
    expect(second?.listError).to.be.instanceOf(StorageError);
    expect(third?.listError).to.equal(undefined);
  });

  it("leaves no timer and no read when its loop is left, and ends with the reason of an abort", async () => {
    const { clock, handle, store } = await open();
    for await (const { state } of watchProgress(handle, { store: store.objects, clock })) {
      expect(state).to.equal("running");
      break;
    }
    await settle();
    expect(clock.pending).to.equal(0);
    const leaving = new AbortController();
    const all = rejection(
      collect(watchProgress(handle, { store: store.objects, clock, signal: leaving.signal })),
    );
    await settle();
    leaving.abort(new Error("enough"));
    expect(await all).to.include({ message: "enough" });
    await settle();
    expect(clock.pending).to.equal(0);
  });

  it("is left at once while it waits for the interval or for a listing, and cancels nothing", async () => {
    const { clock, handle, store, server } = await open();
    const hangs: ObjectStore["list"] = async function* (_prefix, { signal } = {}) {
      await new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
      yield* [];
    };
    const { signal } = new AbortController();
    const options = { clock, signal, cancelOnAbort: true };
    for (const list of [undefined, hangs]) {
      const objects = list === undefined ? store.objects : { ...store.objects, list };
      const progress = watchProgress(handle, { store: objects, ...options });
      if (list === undefined) await progress.next();
      const next = progress.next();
      await settle();
      await progress.return();
      expect(await next).to.deep.equal({ done: true, value: undefined });
      expect(clock.pending).to.equal(0);
    }
    expect(server.calls.filter(({ method }) => method === "CancelOperation")).to.deep.equal([]);
  });

  it("refuses an interval that is none", async () => {
    const { clock, handle, store } = await open();
    for (const intervalMs of [0, -1, Number.NaN]) {
      const options = { store: store.objects, clock, intervalMs };
      const error = await rejection(watchProgress(handle, options).next());
      expect(error).to.be.instanceOf(VisionBatchError);
      expect(error).to.have.property("message").that.contains("intervalMs");
    }
  });

  it("ends as the watch does where the operation cannot be read", async () => {
    const { clock, handle, store } = await open({ ends: false });
    const all = rejection(collect(watchProgress(handle, { store: store.objects, clock })));
    await clock.advance(100_000);
    expect(await all).to.include({ code: "NOT_FOUND" });
    expect(clock.pending).to.equal(0);
  });

  it("refuses an operation whose output nobody knows, and takes it by option", async () => {
    const { clock, handle, store } = await open({ from: { ...origin, outputs: [] } });
    const error = await rejection(collect(watchProgress(handle, { store: store.objects, clock })));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect(error).to.have.property("message").that.contains("outputs");
    store.add(1, 20);
    const all = collect(
      watchProgress(handle, { store: store.objects, clock, outputs: [prefix], total: 40 }),
    );
    await clock.advance(200_000);
    expect((await all)[0]).to.include({ done: 20, total: 40 });
  });
});
