import { expect } from "chai";
import { InputOrderError, ShardError, StorageError } from "../../src/errors/index.ts";
import { readResults, type ResultRecord } from "../../src/results/index.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import { rejection } from "../fixtures/rejection.ts";
import { growingStore, scriptedSource } from "./followed-source.ts";
import { memoryStore } from "./memory-store.ts";
import { imageResponse, prefix, readAll, toShards } from "./shard-fixtures.ts";

const uris = (count: number) => Array.from({ length: count }, (_, index) => `gs://in/${index}`);

describe("readResults of a source that is still written", () => {
  const responses = uris(6).map((uri) => imageResponse(uri));
  const shards = Object.entries(toShards(responses, [2]));
  const shard = (number: number) => Object.fromEntries(shards.slice(number, number + 1));

  it("gives each shard as soon as it appears, and what is missing at the end", async () => {
    const { store, until, wait } = scriptedSource([shard(2), {}, shard(0)]);
    const { records, manifest } = await readAll(
      store,
      { prefix, inputs: uris(6), until },
      { wait },
    );
    expect(records.map(({ index, status }) => [index, status])).to.deep.equal([
      ...[4, 5, 0, 1].map((index) => [index, "succeeded"]),
      ...[2, 3].map((index) => [index, "missing"]),
    ]);
    expect(manifest.gaps).to.deep.equal([{ prefix, first: 3, last: 4 }]);
  });

  it("reads what appeared between the last listing and the end", async () => {
    const store = growingStore();
    const until = Promise.resolve().then(() => {
      store.add(Object.fromEntries(shards));
    });
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    const { records } = await readAll(store, { prefix, inputs: uris(6), until }, { wait });
    expect(records.every(({ status }) => status === "succeeded")).to.equal(true);
  });

  it("gives duplicates what they would get when all is there", async () => {
    const inputs = ["gs://in/a", "gs://in/b", "gs://in/a", "gs://in/a"];
    const all = Object.entries(
      toShards(
        inputs.map((uri, index) => imageResponse(uri, `${index}`)),
        [1],
      ),
    );
    const late = all.toReversed().map((entry) => Object.fromEntries([entry]));
    const { store, until, wait } = scriptedSource(late);
    const followed = await readAll(store, { prefix, inputs, until }, { wait, order: "input" });
    const atOnce = await readAll(memoryStore(Object.fromEntries(all)), { prefix, inputs });
    expect(followed.records).to.deep.equal(atOnce.records);
    expect(followed.manifest).to.deep.equal(atOnce.manifest);
  });

  it("tells why the operation failed where responses are missing", async () => {
    const error = new Error("the operation failed");
    const until = Promise.reject(error);
    const { records } = await readAll(memoryStore(shard(0)), { prefix, inputs: uris(3), until });
    expect(records.map(({ status }) => status)).to.deep.equal([
      "succeeded",
      "succeeded",
      "missing",
    ]);
    expect(records[2]?.status === "missing" && records[2].error).to.equal(error);
  });

  it("tells so too when it goes on from a cursor, and learns of the failure before it begins", async () => {
    const error = new Error("the operation failed");
    const source = { prefix, inputs: uris(5) };
    const store = memoryStore(shard(0));
    const whole = await readAll(store, { ...source, until: Promise.reject(error) });
    const again = { ...source, until: Promise.reject(error) };
    const reader = readResults(store, again, { cursor: whole.cursors[2] });
    await new Promise(setImmediate);
    const rest: ResultRecord[] = [];
    for await (const record of reader) rest.push(record);
    expect(rest).to.deep.equal(whole.records.slice(3));
    expect(rest[0]).to.include({ status: "missing", error });
  });

  it("holds no more for the end than it may", async () => {
    const inputs = ["gs://in/a", "gs://in/a"];
    const store = memoryStore(
      toShards(
        inputs.map((uri) => imageResponse(uri)),
        [1],
      ),
    );
    const source = { prefix, inputs, until: Promise.resolve() };
    const reading = readAll(store, source, { maxReorderBytes: 200 });
    expect(await rejection(reading)).to.be.instanceOf(InputOrderError);
    expect(store.open).to.equal(0);
  });

  it("does not wait for the end when the store cannot be read", async () => {
    const error = new StorageError("denied", { reason: "permissionDenied", uri: prefix });
    const until = new Promise(() => undefined);
    const wait = (_: number, signal: AbortSignal) => untilAborted(signal);
    const unreadable = memoryStore(shard(0), { beforeRead: () => Promise.reject(error) });
    const store = memoryStore(shard(0));
    const unlistable: ObjectStore = {
      ...store,
      list: (of, options) => {
        if (of.startsWith(prefix)) return store.list(of, options);
        const next = () => Promise.reject(error);
        return { [Symbol.asyncIterator]: () => ({ next }) };
      },
    };
    const sources = [
      { prefix, until },
      { prefix: "gs://bucket/other/", until },
    ];
    expect(await rejection(readAll(unreadable, sources, { wait }))).to.equal(error);
    expect(await rejection(readAll(unlistable, sources, { wait }))).to.equal(error);
    expect([unreadable.open, store.open]).to.deep.equal([0, 0]);
  });

  it("follows several sources beside each other", async () => {
    const objects = Object.entries(toShards(responses, [6])).map(
      ([uri, text]): [string, string] => [uri.replace(prefix, `${prefix}b/`), text],
    );
    const never = Promise.withResolvers<undefined>();
    const store = memoryStore(Object.fromEntries(objects));
    const sources = [
      { prefix: `${prefix}a/`, inputs: ["gs://in/x"], until: never.promise },
      { prefix: `${prefix}b/`, inputs: uris(6), until: Promise.resolve() },
    ];
    const wait = (_: number, signal: AbortSignal) => untilAborted(signal);
    const found: ResultRecord[] = [];
    for await (const record of readResults(store, sources, { wait })) {
      found.push(record);
      if (found.length === 6) never.resolve(undefined);
    }
    expect(found.map(({ index }) => index)).to.deep.equal([1, 2, 3, 4, 5, 6, 0]);
  });

  it("goes on from a cursor with the shards that came after it, each once", async () => {
    const first = scriptedSource([shard(1)]);
    const source = { prefix, inputs: uris(6) };
    const reader = readResults(
      first.store,
      { ...source, until: first.until },
      { wait: first.wait },
    );
    let cursor: string | undefined;
    for await (const record of reader) {
      expect(record.index).to.equal(2);
      ({ cursor } = reader);
      break;
    }
    const second = scriptedSource([shard(1), shard(0), shard(2)]);
    second.store.add(shard(1));
    const { records, manifest } = await readAll(
      second.store,
      { ...source, until: second.until },
      { wait: second.wait, cursor },
    );
    expect(records.map(({ index }) => index)).to.deep.equal([3, 0, 1, 4, 5]);
    expect(manifest.counts.succeeded).to.equal(6);
  });

  it("stops waiting on break and on abort", async () => {
    const until = new Promise(() => undefined);
    const store = memoryStore(shard(0));
    const wait = (_: number, signal: AbortSignal) => untilAborted(signal);
    for await (const record of readResults(store, { prefix, until }, { wait })) {
      if (record.index === 1) break;
    }
    expect(store.open).to.equal(0);
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = (async () => {
      const { signal } = controller;
      for await (const record of readResults(store, { prefix, until }, { wait, signal })) {
        if (record.index === 1)
          setImmediate(() => {
            controller.abort(reason);
          });
      }
    })();
    expect(await rejection(reading)).to.equal(reason);
    expect(store.open).to.equal(0);
  });

  it("stops waiting when a shard cannot be read and it is asked to", async () => {
    const store = memoryStore({ [`${prefix}output-1-to-1.json`]: "{" });
    const reading = readAll(
      store,
      { prefix, until: new Promise(() => undefined) },
      { wait: (_, signal) => untilAborted(signal), stopOnShardError: true },
    );
    expect(await rejection(reading)).to.be.instanceOf(ShardError);
  });
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}
