import { Storage, type ApiError, type Bucket } from "@google-cloud/storage";
import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { buffer, text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { startStorageServer, type StorageServer } from "../emulator/storage/storage-server.ts";

async function codeOf(promise: Promise<unknown>): Promise<number | string | undefined> {
  try {
    await promise;
  } catch (error) {
    return (error as ApiError).code;
  }
  throw new Error("it did not fail");
}

function names(files: readonly { readonly name: string }[]): string[] {
  return files.map(({ name }) => name);
}

const megabytes = Buffer.from(
  Uint8Array.from({ length: 2_500_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff),
);

/** Runs what the client does against the emulator; `connect` makes the client. */
function describeClient(connect: (server: StorageServer) => Storage): void {
  let server: StorageServer;
  let storage: Storage;
  let bucket: Bucket;
  let hostBefore: string | undefined;

  before(async () => {
    hostBefore = process.env["STORAGE_EMULATOR_HOST"];
    server = await startStorageServer();
    storage = connect(server);
  });

  after(async () => {
    if (hostBefore === undefined) delete process.env["STORAGE_EMULATOR_HOST"];
    else process.env["STORAGE_EMULATOR_HOST"] = hostBefore;
    await server.close();
  });

  let count = 0;
  beforeEach(async () => {
    count += 1;
    bucket = storage.bucket(`bucket-${count}`);
    await bucket.create();
  });

  it("01 bucket.create: makes a bucket, and answers 409 for one that is there", async () => {
    const [made] = await storage.createBucket("brand-new");
    expect(made.metadata.name).to.equal("brand-new");
    expect(await codeOf(storage.createBucket("brand-new"))).to.equal(409);
  });

  it("02 bucket.exists: tells whether a bucket is there", async () => {
    expect(await bucket.exists()).to.deep.equal([true]);
    expect(await storage.bucket("absent-bucket").exists()).to.deep.equal([false]);
  });

  it("03 bucket.getMetadata: shows a bucket", async () => {
    const [metadata] = await bucket.getMetadata();
    expect(metadata).to.include({ kind: "storage#bucket", name: bucket.name, location: "US" });
  });

  it("04 bucket.setMetadata and setLabels: change a bucket", async () => {
    await bucket.setLabels({ team: "vision", gone: "soon" });
    await bucket.setMetadata({ labels: { gone: null } });
    const [metadata] = await bucket.getMetadata();
    expect(metadata.labels).to.deep.equal({ team: "vision" });
    expect(metadata.metageneration).to.equal("3");
  });

  it("05 storage.getBuckets: lists buckets by prefix", async () => {
    const [buckets] = await storage.getBuckets({ prefix: bucket.name });
    expect(names(buckets)).to.include(bucket.name);
    expect(names((await storage.getBuckets({ prefix: "zzz" }))[0])).to.deep.equal([]);
  });

  it("06 bucket.delete: removes an empty bucket, and answers 409 for another", async () => {
    await bucket.file("x").save("x");
    expect(await codeOf(bucket.delete())).to.equal(409);
    await bucket.file("x").delete();
    await bucket.delete();
    expect(await bucket.exists()).to.deep.equal([false]);
  });

  it("07 file.save, multipart: stores bytes with their metadata", async () => {
    const file = bucket.file("dir/a b#?.txt");
    await file.save("hello", {
      resumable: false,
      validation: "crc32c",
      metadata: { contentType: "text/x-odd", cacheControl: "no-store", metadata: { k: "ü" } },
    });
    const [metadata] = await file.getMetadata();
    expect(metadata).to.include({ contentType: "text/x-odd", cacheControl: "no-store", size: "5" });
    expect(metadata).to.include({ crc32c: "mnG7TA==", md5Hash: "XUFAKrxLKna5cZ2REBfFkg==" });
    expect(metadata.metadata).to.deep.equal({ k: "ü" });
  });

  it("08 file.save, resumable: stores bytes in one stream", async () => {
    const file = bucket.file("resumable.bin");
    await file.save(megabytes, { resumable: true });
    expect((await file.download())[0].equals(megabytes)).to.equal(true);
  });

  it("09 file.createWriteStream, resumable in chunks: goes on after each 308", async () => {
    const file = bucket.file("chunks.bin");
    const target = file.createWriteStream({ resumable: true, chunkSize: 256 * 1024 });
    await pipeline(
      Readable.from([megabytes.subarray(0, 999_999), megabytes.subarray(999_999)]),
      target,
    );
    expect((await file.download())[0].equals(megabytes)).to.equal(true);
    const inserts = server.calls.filter(({ object }) => object === "chunks.bin");
    expect(inserts.filter(({ method }) => method === "objects.insert")).to.have.length(11);
  });

  it("10 file.createResumableUpload: a session that another client goes on with", async () => {
    const file = bucket.file("session.bin");
    const [uri] = await file.createResumableUpload();
    await pipeline(Readable.from([megabytes]), file.createWriteStream({ uri, resumable: true }));
    expect((await file.download())[0].equals(megabytes)).to.equal(true);
  });

  it("11 resumable upload: asks how far it came and goes on after the connection broke", async () => {
    const file = bucket.file("broken.bin");
    let isBroken = false;
    server.fault = ({ object, method }, nth) => {
      if (object !== "broken.bin" || method !== "objects.insert" || nth < 2 || isBroken) return;
      isBroken = server.calls.filter((call) => call.object === "broken.bin").length === 2;
      return isBroken ? { dropConnection: "afterBytes", afterBytes: 1_000_000 } : undefined;
    };
    try {
      // A client of its own: an upload without conditions turns the retries of its client off for good.
      await connect(server)
        .bucket(bucket.name)
        .file("broken.bin")
        .save(megabytes, {
          resumable: true,
          preconditionOpts: { ifGenerationMatch: 0 },
        });
    } finally {
      server.fault = () => undefined;
    }
    expect(isBroken).to.equal(true);
    expect((await file.download())[0].equals(megabytes)).to.equal(true);
  });

  it("12 bucket.upload: stores a local file with its content type", async () => {
    const local = path.join(server.root, "local.png");
    fs.writeFileSync(local, megabytes.subarray(0, 1000));
    const [file] = await bucket.upload(local, { destination: "in/local.png" });
    const [{ contentType, size }] = await file.getMetadata();
    expect({ contentType, size }).to.deep.equal({ contentType: "image/png", size: "1000" });
  });

  it("13 file.save, gzip: stores compressed and downloads decompressed", async () => {
    const file = bucket.file("zipped.txt");
    await file.save("text ".repeat(1000), { gzip: true, resumable: false });
    expect(file.metadata.contentEncoding).to.equal("gzip");
    expect(String((await file.download())[0])).to.equal("text ".repeat(1000));
    const [stored] = await file.download({ decompress: false });
    expect(stored.length).to.be.lessThan(1000);
  });

  it("14 file.download: checks CRC32C and MD5", async () => {
    const file = bucket.file("checked");
    await file.save("0123456789");
    expect(String((await file.download({ validation: "md5" }))[0])).to.equal("0123456789");
    expect(String((await file.download({ validation: "crc32c" }))[0])).to.equal("0123456789");
  });

  it("15 file.download to a destination", async () => {
    const destination = path.join(server.root, "downloaded");
    await bucket.file("big").save(megabytes);
    await bucket.file("big").download({ destination });
    expect(fs.readFileSync(destination).equals(megabytes)).to.equal(true);
  });

  it("16 file.createReadStream with a range: 206", async () => {
    await bucket.file("ranged").save("0123456789");
    const read = (start: number | undefined, end: number): Promise<string> =>
      text(
        bucket.file("ranged").createReadStream({ ...(start === undefined ? {} : { start }), end }),
      );
    expect(await read(2, 4)).to.equal("234");
    expect(await read(undefined, -3)).to.equal("789");
  });

  it("17 file.createReadStream behind the end: 416", async () => {
    await bucket.file("short").save("0123");
    const reading = buffer(bucket.file("short").createReadStream({ start: 10 }));
    expect(await codeOf(reading)).to.equal(416);
  });

  it("18 file.exists: tells whether an object is there", async () => {
    await bucket.file("there").save("");
    expect(await bucket.file("there").exists()).to.deep.equal([true]);
    expect(await bucket.file("absent").exists()).to.deep.equal([false]);
  });

  it("19 file.get and getMetadata: 404 for an object and for a bucket that is not there", async () => {
    expect(await codeOf(bucket.file("absent").getMetadata())).to.equal(404);
    expect(await codeOf(storage.bucket("absent-bucket").file("x").get())).to.equal(404);
    expect(await codeOf(storage.bucket("absent-bucket").getFiles())).to.equal(404);
  });

  it("20 file.setMetadata: patches, removes with null and raises the metageneration", async () => {
    const file = bucket.file("patched");
    await file.save("x", { metadata: { contentType: "text/plain", metadata: { a: "1", b: "2" } } });
    await file.setMetadata({ contentLanguage: "en", metadata: { b: null, c: "3" } });
    const [metadata] = await file.getMetadata();
    expect(metadata).to.include({ contentLanguage: "en", contentType: "text/plain" });
    expect(metadata).to.include({ metageneration: "2" });
    expect(metadata.metadata).to.deep.equal({ a: "1", c: "3" });
  });

  it("21 file.setMetadata with ifMetagenerationMatch: 412", async () => {
    const file = bucket.file("guarded");
    await file.save("x");
    await file.setMetadata({ cacheControl: "a" }, { ifMetagenerationMatch: 1 });
    const again = file.setMetadata({ cacheControl: "b" }, { ifMetagenerationMatch: 1 });
    expect(await codeOf(again)).to.equal(412);
  });

  it("22 file.delete: 404 the second time, or ignoreNotFound", async () => {
    const file = bucket.file("deleted");
    await file.save("x");
    await file.delete();
    expect(await codeOf(file.delete())).to.equal(404);
    await file.delete({ ignoreNotFound: true });
  });

  it("23 file.delete with ifGenerationMatch: 412 for another generation", async () => {
    const file = bucket.file("kept");
    await file.save("x");
    expect(await codeOf(file.delete({ ifGenerationMatch: 1 }))).to.equal(412);
    await file.delete({ ifGenerationMatch: file.metadata.generation! });
    expect(await file.exists()).to.deep.equal([false]);
  });

  for (const resumable of [false, true]) {
    const number = resumable ? "25" : "24";
    const kind = resumable ? "resumable" : "multipart";
    it(`${number} file.save, ${kind}, with ifGenerationMatch: creates once, overwrites what it saw`, async () => {
      const file = bucket.file("conditional");
      const save = (content: string, ifGenerationMatch: number | string): Promise<void> =>
        file.save(content, { resumable, preconditionOpts: { ifGenerationMatch } });
      await save("1", 0);
      const { generation } = file.metadata;
      expect(await codeOf(save("2", 0))).to.equal(412);
      await save("3", generation!);
      expect(await codeOf(save("4", generation!))).to.equal(412);
      expect(String((await bucket.file("conditional").download())[0])).to.equal("3");
    });
  }

  it("26 resumable upload: a condition that ceases to hold on the way fails it: 412", async () => {
    const file = bucket.file("overtaken");
    const [uri] = await file.createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } });
    await bucket.file("overtaken").save("first");
    const put = await fetch(uri, { method: "PUT", body: "second" });
    expect(put.status).to.equal(412);
    expect(String((await file.download())[0])).to.equal("first");
  });

  it("27 file.get with ifGenerationNotMatch: 304", async () => {
    const file = bucket.file("unchanged");
    await file.save("x");
    const options = { ifGenerationNotMatch: file.metadata.generation! };
    expect(await codeOf(file.getMetadata(options as object))).to.equal(304);
  });

  it("28 bucket.getFiles: lists everything, by code point", async () => {
    const all = ["b", "a/1", "a-1", "a", "ü", "😀", "\uffe6"];
    for (const name of all) await bucket.file(name).save("");
    const sorted = all.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(names((await bucket.getFiles())[0])).to.deep.equal(sorted);
  });

  it("29 bucket.getFiles with prefix and delimiter: folds folders", async () => {
    for (const name of ["d/1", "d/e/2", "d/e/3", "d/f/4", "d/g", "e/5"]) {
      await bucket.file(name).save("");
    }
    const query = { prefix: "d/", delimiter: "/", autoPaginate: false };
    const [files, , response] = await bucket.getFiles(query);
    expect(names(files)).to.deep.equal(["d/1", "d/g"]);
    expect(response).to.deep.include({ prefixes: ["d/e/", "d/f/"] });
  });

  it("30 bucket.getFiles with maxResults and pageToken: page by page, folders counted", async () => {
    for (const name of ["1", "2/a", "2/b", "3", "4/c", "5"]) await bucket.file(name).save("");
    const seen: string[] = [];
    let query: object | null = { delimiter: "/", maxResults: 2, autoPaginate: false };
    while (query !== null) {
      const page: unknown[] = await bucket.getFiles(query);
      const { prefixes = [] } = page[2] as { prefixes?: string[] };
      seen.push([...names(page[0] as { name: string }[]), ...prefixes].join());
      query = page[1] as object | null;
    }
    expect(seen).to.deep.equal(["1,2/", "3,4/", "5"]);
  });

  it("31 bucket.getFiles with startOffset, endOffset and matchGlob", async () => {
    for (const name of ["a.png", "b.jpg", "c/d.png", "e.png"]) await bucket.file(name).save("");
    const [between] = await bucket.getFiles({ startOffset: "b.jpg", endOffset: "e.png" });
    expect(names(between)).to.deep.equal(["b.jpg", "c/d.png"]);
    expect(names((await bucket.getFiles({ matchGlob: "**.png" }))[0])).to.have.length(3);
    expect(names((await bucket.getFiles({ matchGlob: "{a,b}.*" }))[0])).to.have.length(2);
  });

  it("32 bucket.getFilesStream with fields: shows only what is asked for", async () => {
    await bucket.file("a").save("123");
    const files: unknown[] = [];
    for await (const file of bucket.getFilesStream({ fields: "items(name,size)" }))
      files.push(file);
    expect(files).to.deep.equal([{ name: "a", size: "3" }]);
  });

  it("33 file.copy: copies content and metadata across buckets", async () => {
    const other = storage.bucket(`${bucket.name}-other`);
    await other.create();
    await bucket
      .file("from")
      .save("x", { metadata: { contentType: "text/x-odd", metadata: { k: "v" } } });
    await bucket.file("from").copy(other.file("to/x"));
    const [metadata] = await other.file("to/x").getMetadata();
    expect(metadata).to.include({ contentType: "text/x-odd" });
    expect(metadata.metadata).to.deep.equal({ k: "v" });
    expect(String((await other.file("to/x").download())[0])).to.equal("x");
  });

  it("34 file.copy with ifGenerationMatch: 412 where something is", async () => {
    await bucket.file("from").save("x");
    await bucket.file("to").save("y");
    const copying = bucket.file("from").copy("to", { preconditionOpts: { ifGenerationMatch: 0 } });
    expect(await codeOf(copying)).to.equal(412);
  });

  it("35 file.move, rename and moveFileAtomic: leave nothing under the old name", async () => {
    await bucket.file("one").save("x");
    await bucket.file("one").move("two");
    await bucket.file("two").rename("three");
    await bucket.file("three").moveFileAtomic("four");
    expect(names((await bucket.getFiles())[0])).to.deep.equal(["four"]);
  });

  it("36 bucket.combine: composes objects by generation", async () => {
    const parts = ["one ", "two ", "three"].map((content, at) => ({
      content,
      file: bucket.file(`p${at}`),
    }));
    for (const { content, file } of parts) await file.save(content);
    await bucket.combine(
      parts.map(({ file }) => file),
      bucket.file("whole.txt"),
    );
    const [metadata] = await bucket.file("whole.txt").getMetadata();
    expect(metadata).to.include({ componentCount: 3, size: "13", contentType: "text/plain" });
    expect(metadata).to.not.have.property("md5Hash");
    expect(String((await bucket.file("whole.txt").download())[0])).to.equal("one two three");
  });

  it("37 bucket.file with a generation: reads that one, 404 once it was overwritten", async () => {
    await bucket.file("versioned").save("old");
    const [{ generation }] = await bucket.file("versioned").getMetadata();
    const pinned = bucket.file("versioned", { generation: generation! });
    expect(String((await pinned.download())[0])).to.equal("old");
    await bucket.file("versioned").save("new");
    expect(await codeOf(pinned.download())).to.equal(404);
  });

  it("38 bucket.deleteFiles: removes all with a prefix", async () => {
    for (const name of ["x/1", "x/2", "y/3"]) await bucket.file(name).save("");
    await bucket.deleteFiles({ prefix: "x/" });
    expect(names((await bucket.getFiles())[0])).to.deep.equal(["y/3"]);
  });

  it("39 file.setStorageClass: rewrites in place and keeps the metadata", async () => {
    const file = bucket.file("cold.txt");
    await file.save("x", { metadata: { contentType: "text/x-odd" } });
    await file.setStorageClass("NEARLINE");
    const [metadata] = await file.getMetadata();
    expect(metadata).to.include({ storageClass: "NEARLINE", contentType: "text/x-odd" });
  });

  it("40 file.isPublic and publicUrl: content at the public form of the URL", async () => {
    const file = bucket.file("deep/er/public file.txt");
    await file.save("seen");
    expect(await file.isPublic()).to.deep.equal([true]);
    const response = await fetch(
      file.publicUrl().replace("https://storage.googleapis.com", server.url),
    );
    expect(await response.text()).to.equal("seen");
  });

  it("41 what another stores compressed is unzipped for who does not accept it", async () => {
    const file = bucket.file("transcoded.json");
    const gzipped = gzipSync("{}".repeat(1000));
    await file.save(gzipped, { metadata: { contentEncoding: "gzip" } });
    const url = `${server.url}/download/storage/v1/b/${bucket.name}/o/transcoded.json?alt=media`;
    const plain = await fetch(url, { headers: { "accept-encoding": "identity" } });
    expect(await plain.text()).to.equal("{}".repeat(1000));
    expect(plain.headers.get("content-encoding")).to.equal(null);
  });
}

describe("@google-cloud/storage 8 against the emulator", () => {
  let detection: string | undefined;

  before(() => {
    detection = process.env["METADATA_SERVER_DETECTION"];
    process.env["METADATA_SERVER_DETECTION"] = "none";
  });

  after(() => {
    if (detection === undefined) delete process.env["METADATA_SERVER_DETECTION"];
    else process.env["METADATA_SERVER_DETECTION"] = detection;
  });

  describe("given its address as apiEndpoint", () => {
    describeClient(({ url }) => {
      delete process.env["STORAGE_EMULATOR_HOST"];
      return new Storage({ apiEndpoint: url, projectId: "emulated", retryOptions: quick });
    });
  });

  describe("given its address as STORAGE_EMULATOR_HOST", () => {
    describeClient(({ url }) => {
      process.env["STORAGE_EMULATOR_HOST"] = url;
      return new Storage({ projectId: "emulated", retryOptions: quick });
    });
  });
});

/** Waits no longer between retries than it must: the client refuses less. */
const quick = { maxRetryDelay: 1 };
