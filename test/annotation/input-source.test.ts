import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { typeOfContent, typeOfName } from "../../src/annotation/file-type.ts";
import { parseSource, type InputSource } from "../../src/annotation/input-source.ts";
import { readSource } from "../../src/annotation/read-source.ts";
import { InvalidRequestError, StorageError, VisionBatchError } from "../../src/errors/index.ts";
import { rejection } from "../fixtures/rejection.ts";

const limit = 20 * 1024 * 1024;

function nameOf(source: string | URL): string {
  return source instanceof URL ? `the URL ${source.href}` : source;
}

describe("parseSource", () => {
  const kinds: readonly (readonly [string | URL, object])[] = [
    ["gs://bucket/a b#1.png", { kind: "uri", uri: "gs://bucket/a b#1.png" }],
    ["https://host/a.png?x=1", { kind: "uri", uri: "https://host/a.png?x=1" }],
    ["ftp://host/a.png", { kind: "uri", uri: "ftp://host/a.png" }],
    [new URL("https://host/a b.png"), { kind: "uri", uri: "https://host/a%20b.png" }],
    ["/a/b c.png", { kind: "path", path: "/a/b c.png", uri: "file:///a/b%20c.png" }],
    ["file:///a/b%20c.png", { kind: "path", path: "/a/b c.png", uri: "file:///a/b%20c.png" }],
    [new URL("file:///a/b.png"), { kind: "path", path: "/a/b.png", uri: "file:///a/b.png" }],
    ["./gs://bucket/a.png", { kind: "path", path: "./gs://bucket/a.png" }],
    ["c://a.png", { kind: "path", path: "c://a.png" }],
    ["a:b.png", { kind: "path", path: "a:b.png" }],
  ];
  for (const [source, expected] of kinds) {
    it(`takes ${nameOf(source)} for what it is`, () => {
      expect(parseSource(source)).to.include(expected);
    });
  }

  it("takes bytes and streams", () => {
    expect(parseSource(Buffer.from("x")).kind).to.equal("bytes");
    expect(parseSource(new Uint8Array(1)).kind).to.equal("bytes");
    expect(parseSource(Readable.from([])).kind).to.equal("stream");
    expect(parseSource(new ReadableStream()).kind).to.equal("stream");
  });

  it("takes nothing else", () => {
    for (const other of [
      "",
      1,
      null,
      undefined,
      {},
      new URL("gs://bucket/a"),
      new Uint16Array(1),
    ]) {
      expect(parseSource(other).kind).to.equal("none");
    }
    expect(parseSource("file://%").kind).to.equal("none");
  });
});

describe("readSource", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-sources-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  const read = (source: InputSource, signal = new AbortController().signal) =>
    readSource(parseSource(source), { name: "inputs[7]", signal });

  async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  it("reads paths, file URLs, bytes and every kind of stream alike", async () => {
    const bytes = randomBytes(3_000_000);
    const path = join(folder, "a.png");
    await writeFile(path, bytes);
    const sources: InputSource[] = [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      bytes,
      chunksOf(bytes, 70_000),
      Readable.from(chunksOf(bytes, 70_000)),
      ReadableStream.from<Uint8Array>(chunksOf(bytes, 70_000)),
    ];
    for (const source of sources) {
      const { content = new Uint8Array() } = await read(source);
      expect(Buffer.compare(content, bytes)).to.equal(0);
    }
  });

  it("leaves to the service what the service reads", async () => {
    expect(await read("gs://bucket/a.png")).to.deep.equal({ uri: "gs://bucket/a.png" });
  });

  it("reads no more than one image may have, and lets go of the stream", async () => {
    const part = new Uint8Array(1024 * 1024);
    let given = 0;
    let isReleased = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          given += part.length;
          yield part;
        }
      } finally {
        isReleased = true;
      }
    }
    const error = await rejection(read(endless()));
    expect(error).to.be.instanceOf(InvalidRequestError);
    expect(error).to.have.property("message").that.contains("inputs[7]: is larger than 20971520");
    expect(given).to.equal(limit + part.length);
    expect(isReleased).to.equal(true);
    const readable = Readable.from(endless());
    await rejection(read(readable));
    expect(readable.destroyed).to.equal(true);
  });

  it("takes what is just as large as one image may be", async () => {
    const bytes = new Uint8Array(limit);
    expect((await read(bytes)).content).to.equal(bytes);
    expect((await read(chunksOf(bytes, limit / 4))).content).to.have.length(limit);
    expect(await rejection(read(new Uint8Array(limit + 1)))).to.be.instanceOf(InvalidRequestError);
  });

  it("refuses what has no bytes", async () => {
    for (const empty of [new Uint8Array(), Readable.from([])]) {
      expect(await rejection(read(empty))).to.have.nested.property(
        "problems[0].field",
        "inputs[7]",
      );
    }
  });

  it("tells why a file cannot be read", async () => {
    const error = await rejection(read(join(folder, "missing.png")));
    expect(error).to.be.instanceOf(StorageError).and.to.include({ reason: "notFound" });
    expect(await rejection(read(folder))).to.be.instanceOf(StorageError);
  });

  it("tells why a stream cannot be read", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1);
      throw new Error("cut off");
    }
    const error = await rejection(read(broken()));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect(error).to.have.property("message").that.contains("inputs[7] cannot be read: cut off");
    const texts = Readable.from(["text"]) as AsyncIterable<Uint8Array>;
    expect(await rejection(read(texts)))
      .to.have.property("message")
      .that.contains("no bytes");
  });

  it("stops reading when it is aborted, however the stream hangs", async () => {
    const readable = new Readable({ read: () => undefined });
    let isCancelled = false;
    const web = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCancelled = true;
      },
    });
    for (const source of [readable, web]) {
      const abort = new AbortController();
      const reading = read(source, abort.signal);
      abort.abort(new Error("enough"));
      expect(await rejection(reading)).to.have.property("message", "enough");
    }
    expect(readable.destroyed).to.equal(true);
    expect(isCancelled).to.equal(true);
  });
});

describe("the type of a file", () => {
  it("is told by its first bytes", () => {
    const bytes = (text: string) => Buffer.from(text, "latin1");
    expect(typeOfContent(bytes("%PDF-1.7\n"))).to.equal("application/pdf");
    expect(typeOfContent(bytes(`${" ".repeat(500)}%PDF-1.4`))).to.equal("application/pdf");
    expect(typeOfContent(bytes("II*\0...."))).to.equal("image/tiff");
    expect(typeOfContent(bytes("MM\0*...."))).to.equal("image/tiff");
    expect(typeOfContent(bytes("II+\0...."))).to.equal("image/tiff");
    expect(typeOfContent(bytes("GIF89a.."))).to.equal("image/gif");
    expect(typeOfContent(bytes("\x89PNG\r\n"))).to.equal(undefined);
    expect(typeOfContent(bytes(`${" ".repeat(1024)}%PDF-1.4`))).to.equal(undefined);
    expect(typeOfContent(new Uint8Array())).to.equal(undefined);
    const inside = bytes("xxGIF89a").subarray(2);
    expect(typeOfContent(inside)).to.equal("image/gif");
  });

  it("is told by the ending of a name", () => {
    expect(typeOfName("gs://b/a.PDF")).to.equal("application/pdf");
    expect(typeOfName("gs://b/a.tif")).to.equal("image/tiff");
    expect(typeOfName("gs://b/a.tiff")).to.equal("image/tiff");
    expect(typeOfName("gs://b/a.gif")).to.equal("image/gif");
    expect(typeOfName("gs://b/pdf")).to.equal(undefined);
  });
});
