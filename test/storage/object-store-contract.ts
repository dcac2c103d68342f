import { expect } from "chai";
import { StorageError, type StorageErrorReason } from "../../src/errors/index.ts";
import type { ObjectInfo, ObjectStore } from "../../src/storage/object-store.ts";

/** All that an iterable yields. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The bytes of a read, in one piece. */
export async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await allOf(content));
}

/** The names in a listing, in its order. */
export async function namesOf(listing: AsyncIterable<ObjectInfo>): Promise<string[]> {
  return (await allOf(listing)).map(({ name }) => name);
}

/** What a promise rejects with; fails where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}

/** Expects a StorageError of a reason. */
export async function expectReason(
  promise: Promise<unknown>,
  reason: StorageErrorReason,
): Promise<void> {
  const error = await rejection(promise);
  expect(error).to.be.instanceOf(StorageError);
  expect((error as StorageError).reason, (error as StorageError).message).to.equal(reason);
}

/** A text that is made of pieces. */
async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

const awkwardNames = [
  "a",
  "a/b",
  "a/b/c",
  "a/",
  "/a",
  "a//b",
  "x/../y",
  "x/./y",
  "..%2F",
  "%2E%2E/z",
  "%3D",
  "a%3D",
  "with space/#hash?query&x=1.json",
  "100%/ü-日本語-😀.png",
  ".vision-batch/bucket.json",
  `long/${"n".repeat(700)}/${"m".repeat(300)}`,
];

/** What every {@link ObjectStore} does. */
export function describeObjectStore(open: () => ObjectStore): void {
  const bucket = "contract-bucket";
  const uri = (name: string): string => `gs://${bucket}/${name}`;
  let store: ObjectStore;

  beforeEach(() => {
    store = open();
  });

  async function put(name: string, text: string): Promise<ObjectInfo> {
    return store.write(uri(name), Buffer.from(text));
  }

  it("reads what was written, and tells of it what it told the writer", async () => {
    const written = await store.write(uri("dir/x.json"), Buffer.from("hello"), {
      contentType: "application/json",
    });
    expect(written).to.include({ uri: uri("dir/x.json"), bucket, name: "dir/x.json", size: 5 });
    expect(written.contentType).to.equal("application/json");
    expect(Date.parse(written.updated)).to.be.closeTo(Date.now(), 60_000);
    expect(String(await bytesOf(store.read(uri("dir/x.json"))))).to.equal("hello");
    expect(await store.stat(uri("dir/x.json"))).to.include({ generation: written.generation });
  });

  it("writes a stream whole", async () => {
    await store.write(uri("s.txt"), pieces("one ", "two ", "three"));
    expect(String(await bytesOf(store.read(uri("s.txt"))))).to.equal("one two three");
  });

  it("writes and reads an empty object", async () => {
    expect((await put("empty", "")).size).to.equal(0);
    expect(await bytesOf(store.read(uri("empty")))).to.have.length(0);
  });

  it("keeps awkward names apart and gives each back verbatim", async () => {
    for (const name of awkwardNames) await put(name, `content of ${name}`);
    for (const name of awkwardNames) {
      expect(String(await bytesOf(store.read(uri(name)))), name).to.equal(`content of ${name}`);
    }
    const sorted = awkwardNames.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await namesOf(store.list(uri("")))).to.deep.equal(sorted);
    for (const name of awkwardNames) expect(await store.delete(uri(name)), name).to.equal(true);
    expect(await namesOf(store.list(uri("")))).to.deep.equal([]);
  });

  it("lists by code point, within a prefix that may end anywhere", async () => {
    const names = ["run-1/x", "run/1/\uffe6", "run/1/😀", "run/1/a", "run/10/a", "run/1a", "sun"];
    for (const name of names) await put(name, "");
    const inRun = ["run/10/a", "run/1/a", "run/1/\uffe6", "run/1/😀", "run/1a"];
    const sorted = inRun.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await namesOf(store.list(uri("run/1")))).to.deep.equal(sorted);
    expect(await namesOf(store.list(uri("run/1/")))).to.have.length(3);
    expect(await namesOf(store.list(uri("nothing")))).to.deep.equal([]);
  });

  it("fetches page after page of a long listing", async () => {
    for (let at = 0; at < 1100; at += 50) {
      const group = Array.from({ length: 50 }, (_, more) => String(at + more).padStart(4, "0"));
      await Promise.all(group.map((number) => put(`many/${number}`, "")));
    }
    const names = await namesOf(store.list(uri("many/")));
    expect(names).to.have.length(1100);
    expect(names.at(-1)).to.equal("many/1099");
  });

  it("gives each write a larger generation, after a delete too", async () => {
    const generations: bigint[] = [];
    for (let at = 0; at < 4; at += 1) {
      generations.push(BigInt((await put("g", String(at))).generation));
      if (at === 1) await store.delete(uri("g"));
    }
    const sorted = generations.toSorted((a, b) => (a < b ? -1 : 1));
    expect(generations).to.deep.equal(sorted);
    expect(new Set(generations).size).to.equal(4);
  });

  it("reads ranges, and nothing behind the end", async () => {
    await put("r", "0123456789");
    const read = async (start?: number, end?: number): Promise<string> =>
      String(await bytesOf(store.read(uri("r"), { start, end })));
    expect(await read(2, 5)).to.equal("2345");
    expect(await read(7)).to.equal("789");
    expect(await read(0, 0)).to.equal("0");
    expect(await read(8, 99)).to.equal("89");
    expect(await read(10)).to.equal("");
    expect(await read(5, 4)).to.equal("");
    await expectReason(bytesOf(store.read(uri("r"), { start: -1 })), "invalidArgument");
  });

  it("goes on reading the generation that it began with while a new one is written", async () => {
    const before = Buffer.alloc(3_000_000, "before ");
    await store.write(uri("pinned"), before);
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(uri("pinned"))) {
      if (chunks.length === 0) await put("pinned", "after");
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).equals(before)).to.equal(true);
    expect(String(await bytesOf(store.read(uri("pinned"))))).to.equal("after");
  });

  it("reads a generation that is there, and refuses one that is not", async () => {
    const { generation } = await put("gen", "x");
    expect(String(await bytesOf(store.read(uri("gen"), { generation })))).to.equal("x");
    await put("gen", "y");
    await expectReason(bytesOf(store.read(uri("gen"), { generation })), "notFound");
  });

  it("writes where the generation matches, and refuses where it does not", async () => {
    const first = await store.write(uri("c"), Buffer.from("1"), { ifGenerationMatch: "0" });
    const again = store.write(uri("c"), Buffer.from("2"), { ifGenerationMatch: "0" });
    await expectReason(again, "preconditionFailed");
    const next = { ifGenerationMatch: first.generation };
    await store.write(uri("c"), Buffer.from("3"), next);
    await expectReason(store.write(uri("c"), Buffer.from("4"), next), "preconditionFailed");
    expect(String(await bytesOf(store.read(uri("c"))))).to.equal("3");
  });

  it("lets one of many win who write where nothing is", async () => {
    const writes = Array.from({ length: 8 }, (_, at) =>
      store.write(uri("race"), Buffer.from(String(at)), { ifGenerationMatch: "0" }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
  });

  it("deletes where the generation matches, and tells whether anything was there", async () => {
    const { generation } = await put("d", "x");
    const wrong = { ifGenerationMatch: String(BigInt(generation) - 1n) };
    await expectReason(store.delete(uri("d"), wrong), "preconditionFailed");
    expect(await store.delete(uri("d"), { ifGenerationMatch: generation })).to.equal(true);
    expect(await store.delete(uri("d"))).to.equal(false);
    expect(await store.stat(uri("d"))).to.equal(undefined);
    await expectReason(bytesOf(store.read(uri("d"))), "notFound");
  });

  it("keeps content type and content encoding, and yields the stored bytes of gzip", async () => {
    const stored = Buffer.from("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==", "base64");
    const options = { contentType: "text/x-odd", contentEncoding: "gzip" };
    await store.write(uri("z.json"), stored, options);
    expect(await store.stat(uri("z.json"))).to.include(options);
    expect((await bytesOf(store.read(uri("z.json")))).equals(stored)).to.equal(true);
  });

  it("refuses what is no gs:// URI, no bucket and no name", async () => {
    await expectReason(store.stat("file:///x"), "invalidArgument");
    await expectReason(store.stat(`gs://${bucket}`), "invalidArgument");
    await expectReason(put("a\nb", "x"), "invalidArgument");
    await expectReason(put("n".repeat(1025), "x"), "invalidArgument");
  });

  it("finds nothing in a bucket that does not exist", async () => {
    expect(await store.stat("gs://no-such-bucket/x")).to.equal(undefined);
    expect(await store.delete("gs://no-such-bucket/x")).to.equal(false);
    await expectReason(bytesOf(store.read("gs://no-such-bucket/x")), "notFound");
    await expectReason(namesOf(store.list("gs://no-such-bucket/")), "notFound");
  });

  it("rejects with the reason of a signal that is aborted before or during a call", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await put("abort", "x");
    const calls = [
      store.stat(uri("abort"), { signal }),
      store.delete(uri("abort"), { signal }),
      store.write(uri("abort"), Buffer.from("y"), { signal }),
      bytesOf(store.read(uri("abort"), { signal })),
      namesOf(store.list(uri(""), { signal })),
    ];
    for (const call of calls) expect(await rejection(call)).to.equal(reason);
    expect(String(await bytesOf(store.read(uri("abort"))))).to.equal("x");
  });

  it("leaves the old content when a written stream fails or is aborted", async () => {
    await put("half", "old");
    const broken = new Error("the source broke");
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.alloc(100_000, "new"));
      throw broken;
    }
    expect(await rejection(store.write(uri("half"), breaking()))).to.equal(broken);
    const controller = new AbortController();
    const reason = new Error("stop writing");
    async function* aborting(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.alloc(100_000, "new"));
      controller.abort(reason);
      yield Buffer.from("more");
    }
    const { signal } = controller;
    expect(await rejection(store.write(uri("half"), aborting(), { signal }))).to.equal(reason);
    expect(String(await bytesOf(store.read(uri("half"))))).to.equal("old");
  });
}
