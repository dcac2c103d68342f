import { expect } from "chai";
import {
  CursorError,
  InputOrderError,
  ReadMaskError,
  ShardError,
  StorageError,
} from "../../src/errors/index.ts";
import { readResults, type ReorderWait, type ResultRecord } from "../../src/results/index.ts";
import type { ObjectInfo, ObjectStore } from "../../src/storage/object-store.ts";
import { rejection } from "../fixtures/rejection.ts";
import { memoryStore } from "./memory-store.ts";
import { imageResponse, pageResponse, prefix, readAll, toShards } from "./shard-fixtures.ts";

const uris = (count: number) => Array.from({ length: count }, (_, index) => `gs://in/${index}`);

describe("readResults with readMask", () => {
  it("tells partial from failed by what it does not read", async () => {
    const error = { code: 3, message: "half" };
    const responses = [
      { ...imageResponse("gs://in/0"), error },
      { labelAnnotations: [], error, context: { uri: "gs://in/1" } },
    ];
    const { records } = await readAll(memoryStore(toShards(responses, [2])), prefix, {
      readMask: "fullTextAnnotation.text",
    });
    expect(records.map(({ status }) => status)).to.deep.equal(["partial", "failed"]);
    expect(records[0]).to.have.deep.property("response", {
      error: { code: 3, message: "half" },
      context: { uri: "gs://in/0" },
    });
  });

  it("refuses a mask that names no field, before anything is read", async () => {
    const store = memoryStore(toShards([imageResponse("gs://in/0")], [1]));
    const error = await rejection(readAll(store, prefix, { readMask: "labelAnotations" }));
    expect(error).to.be.instanceOf(ReadMaskError);
    expect((error as Error).message).to.contain("did you mean labelAnnotations?");
    expect(store.begun).to.deep.equal([]);
  });

  it("does not build what it leaves out: broken values in it do no harm", async () => {
    const text =
      '{"responses":[{"labelAnnotations":[{"score":1e}],"context":{"uri":"gs://in/0"}}]}';
    const store = memoryStore({ [`${prefix}output-1-to-1.json`]: text });
    const { records } = await readAll(store, prefix, { readMask: "fullTextAnnotation" });
    expect(records[0]?.status).to.equal("succeeded");
  });
});

describe("readResults with order: input", () => {
  const reversed = memoryStore(
    toShards(
      uris(6)
        .map((uri) => imageResponse(uri))
        .toReversed(),
      [2],
    ),
  );

  it("says what it waits for", async () => {
    const waits: ReorderWait[] = [];
    const { records } = await readAll(
      reversed,
      { prefix, inputs: uris(6) },
      { order: "input", onReorderWait: (wait) => waits.push(wait) },
    );
    expect(records.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(waits).to.deep.equal([{ index: 0, held: 1 }]);
  });

  it("ends with an error rather than hold more than it may", async () => {
    const reading = readAll(
      reversed,
      { prefix, inputs: uris(6) },
      { order: "input", maxReorderBytes: 500 },
    );
    const error = await rejection(reading);
    expect(error).to.be.instanceOf(InputOrderError);
    expect((error as InputOrderError).index).to.equal(0);
    expect(reversed.open).to.equal(0);
  });

  it("holds nothing back where shards are in order, whatever the bound", async () => {
    const store = memoryStore(
      toShards(
        uris(6).map((uri) => imageResponse(uri)),
        [2],
      ),
    );
    const options = { order: "input", maxReorderBytes: 0 } as const;
    expect((await readAll(store, { prefix, inputs: uris(6) }, options)).records).to.have.length(6);
    const pages = memoryStore(
      toShards(
        [1, 2, 3].map((page) => pageResponse("gs://in/0", page)),
        [2],
      ),
    );
    expect(
      (await readAll(pages, { prefix, inputs: ["gs://in/0"] }, options)).records,
    ).to.have.length(3);
    expect((await readAll(store, prefix, options)).records).to.have.length(6);
  });

  it("orders inputs over sources whose places are interleaved", async () => {
    const sources = [0, 1].map((source) => ({
      prefix: `${prefix}${source}/`,
      inputs: [0, 1, 2].map((at) => ({ uri: `gs://in/${at}`, index: at * 2 + source })),
    }));
    const shards = Object.entries(
      toShards(
        uris(3).map((uri) => imageResponse(uri)),
        [2],
      ),
    );
    const objects = [0, 1].flatMap((source) =>
      shards.map(([uri, text]): [string, string] => [
        uri.replace(prefix, `${prefix}${source}/`),
        text,
      ]),
    );
    const { records } = await readAll(memoryStore(Object.fromEntries(objects)), sources, {
      order: "input",
    });
    expect(records.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });
});

describe("readResults with cursor", () => {
  const objects = toShards(
    uris(6).map((uri) => imageResponse(uri)),
    [2],
  );
  const store = memoryStore(objects);

  it("fetches none of the shards that were read before", async () => {
    const { cursors } = await readAll(store, prefix);
    const again = memoryStore(objects);
    const { records } = await readAll(again, prefix, { cursor: cursors[4] });
    expect(records.map(({ index }) => index)).to.deep.equal([5]);
    expect(again.begun).to.deep.equal([`${prefix}output-5-to-6.json`]);
  });

  it("stays where it is when what it is gone on from cannot be read again", async () => {
    const { cursors } = await readAll(store, prefix);
    const [cursor] = cursors;
    const denied = memoryStore(objects, {
      beforeRead: (uri) =>
        Promise.reject(new StorageError("denied", { reason: "permissionDenied", uri })),
    });
    const reader = readResults(denied, prefix, { cursor });
    expect(await rejection(reader[Symbol.asyncIterator]().next())).to.be.instanceOf(StorageError);
    expect(reader.cursor).to.equal(cursor);
    const rest = await readAll(store, prefix, { cursor: reader.cursor });
    expect(rest.records.map(({ index }) => index)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it("tells the errors of shards that were read before in the manifest", async () => {
    const broken = memoryStore({ ...objects, [`${prefix}output-1-to-2.json`]: "{]" });
    const source = { prefix, inputs: uris(6) };
    const whole = await readAll(broken, source);
    const { manifest, records } = await readAll(broken, source, { cursor: whole.cursors[2] });
    expect(
      manifest.shardErrors.map(({ message, byteOffset }) => [message, byteOffset]),
    ).to.deep.equal(
      whole.manifest.shardErrors.map(({ message, byteOffset }) => [message, byteOffset]),
    );
    expect(manifest.shardErrorCount).to.equal(1);
    const [missing] = records.slice(1);
    expect(missing?.status === "missing" && missing.error).to.be.instanceOf(ShardError);
  });

  for (const [what, change] of [
    ["is no JSON", () => "{"],
    ["is of another version", (cursor: string) => cursor.replace('"v":1', '"v":0')],
    ["lacks something", (cursor: string) => cursor.replace('"since"', '"sinse"')],
  ] as const) {
    it(`refuses one that ${what}`, async () => {
      const { cursors } = await readAll(store, prefix);
      const cursor = change(cursors[1] ?? "");
      expect(await rejection(readAll(store, prefix, { cursor }))).to.be.instanceOf(CursorError);
    });
  }

  it("refuses one of other inputs or of another order", async () => {
    const { cursors } = await readAll(store, prefix);
    const [cursor] = cursors;
    for (const reading of [
      readAll(store, { prefix, inputs: uris(6) }, { cursor }),
      readAll(store, prefix, { cursor, order: "input" }),
      readAll(store, `${prefix}x`, { cursor }),
    ]) {
      expect(await rejection(reading)).to.be.instanceOf(CursorError);
    }
  });

  it("refuses to go on within a shard that was written anew", async () => {
    const { cursors } = await readAll(store, prefix);
    const changed = memoryStore(objects, {
      beforeRead: (uri) =>
        Promise.reject(new StorageError("the generation is gone", { reason: "notFound", uri })),
    });
    const error = await rejection(readAll(changed, prefix, { cursor: cursors[2] }));
    expect(error).to.be.instanceOf(CursorError);
  });
});

/** A store to which objects are added while it is read. */
function growingStore(): ObjectStore & {
  add: (objects: Readonly<Record<string, string>>) => void;
} {
  let store = memoryStore({});
  const all: Record<string, string> = {};
  return {
    ...store,
    list: (of, options) => store.list(of, options),
    read: (uri, options) => store.read(uri, options),
    add: (objects) => {
      store = memoryStore(Object.assign(all, objects));
    },
  };
}

describe("readResults of a source that is still written", () => {
  const responses = uris(6).map((uri) => imageResponse(uri));
  const shards = Object.entries(toShards(responses, [2]));
  const shard = (number: number) => Object.fromEntries(shards.slice(number, number + 1));

  /** Adds what is next to the store whenever the reader waits, and then ends. */
  function scripted(steps: readonly Readonly<Record<string, string>>[]) {
    const store = growingStore();
    const ended = Promise.withResolvers<undefined>();
    let step = 0;
    const wait = async (): Promise<void> => {
      const objects = steps[step++];
      if (objects === undefined) ended.resolve(undefined);
      else store.add(objects);
      await Promise.resolve();
    };
    return { store, until: ended.promise, wait };
  }

  it("gives each shard as soon as it appears, and what is missing at the end", async () => {
    const { store, until, wait } = scripted([shard(2), {}, shard(0)]);
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
    const { store, until, wait } = scripted(late);
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
    const first = scripted([shard(1)]);
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
    const second = scripted([shard(1), shard(0), shard(2)]);
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

describe("readResults of large shards", () => {
  it("decodes them while they come, one piece at a time", async () => {
    const responses = uris(50).map((uri) => imageResponse(uri, "x".repeat(5000)));
    const text = JSON.stringify({ responses });
    let given = 0;
    const store = piecewiseStore(text.length, async function* () {
      for (let at = 0; at < text.length; at += 4096) {
        given = at;
        yield Buffer.from(text.slice(at, at + 4096));
        await Promise.resolve();
      }
    });
    let most = 0;
    let read = 0;
    for await (const record of readResults(store, prefix, { maxBufferedBytes: 1000 })) {
      if (record.status !== "succeeded") continue;
      read += 5000;
      most = Math.max(most, given - read);
    }
    expect(read).to.equal(250_000);
    // A response, and the pieces that are asked for ahead.
    expect(most).to.be.lessThan(40_000);
  });

  it("finds the file that responses without a URI are of behind them", async () => {
    const inputConfig = { gcsSource: { uri: "gs://in/a.pdf" } };
    const responses = [{ error: { code: 3 } }, pageResponse("gs://in/a.pdf", 2)];
    const store = memoryStore({
      [`${prefix}output-1-to-2.json`]: JSON.stringify({ responses, inputConfig }),
    });
    for (const maxBufferedBytes of [0, 1000]) {
      const { records } = await readAll(
        store,
        { prefix, inputs: ["gs://in/a.pdf"] },
        { maxBufferedBytes, order: "input" },
      );
      expect(records.map(({ page, status }) => [page, status])).to.deep.equal([
        [1, "failed"],
        [2, "succeeded"],
      ]);
    }
  });

  it("lets go of the shard on break, and reads no further", async () => {
    const text = JSON.stringify({ responses: uris(50).map((uri) => imageResponse(uri)) });
    const store = memoryStore({ [`${prefix}output-1-to-50.json`]: text });
    for await (const record of readResults(store, prefix, { maxBufferedBytes: 10 })) {
      expect(record.index).to.equal(0);
      break;
    }
    expect(store.open).to.equal(0);
  });
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}

/** A store of one shard that is read piece by piece. */
function piecewiseStore(size: number, read: () => AsyncGenerator<Uint8Array>): ObjectStore {
  const name = "run/output-1-to-50.json";
  const object: ObjectInfo = {
    ...{ uri: `gs://bucket/${name}`, bucket: "bucket", name, generation: "1", size },
    updated: "2026-01-01T00:00:00Z",
  };
  return {
    ...memoryStore({}),
    async *list() {
      await Promise.resolve();
      yield object;
    },
    read,
  };
}
