import { expect } from "chai";
import {
  CursorError,
  InputOrderError,
  ReadMaskError,
  ShardError,
  StorageError,
} from "../../src/errors/index.ts";
import { readResults, type ReorderWait } from "../../src/results/index.ts";
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
