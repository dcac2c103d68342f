import { expect } from "chai";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { createDirectoryStore } from "../../src/storage/directory-store.ts";
import { ObjectDirectory } from "../../src/storage/object-directory.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import { bytesOf, describeObjectStore, expectReason, namesOf } from "./object-store-contract.ts";

describe("createDirectoryStore", () => {
  let root: string;
  let store: ObjectStore;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "directory-store-"));
    store = createDirectoryStore(root);
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  describeObjectStore(() => store);

  function file(...components: readonly string[]): string {
    return path.join(root, ...components);
  }

  it("knows the checksums of what it wrote into a directory that a server shares, without reading it", async () => {
    const directory = new ObjectDirectory(root);
    await createDirectoryStore(directory).write("gs://bucket/x.json", Buffer.from("123456789"));
    const object = directory.find("bucket", "x.json");
    if (object === undefined) throw new Error("x.json is not there");
    fs.rmSync(file("bucket/x.json"));
    expect(await directory.hashes(object)).to.deep.equal({
      crc32c: "4waSgw==",
      md5Hash: "JfnnlDI7RTiF9RgfG2JNCw==",
    });
  });

  it("lays an object down as a file of its name, and nothing beside it", async () => {
    const text = Buffer.from("{}");
    await store.write("gs://bucket/run/x.json", text, { contentType: "application/json" });
    expect(fs.readFileSync(file("bucket/run/x.json"), "utf8")).to.equal("{}");
    const files = fs.readdirSync(file("bucket"), { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile()).map(({ name }) => name)).to.deep.equal([
      "x.json",
    ]);
  });

  it("takes a file dropped in by hand for an object, whatever its name", async () => {
    const names = ["photos/my%20cat.png", "100%.txt", "a%2Fb", ".DS_Store"];
    for (const name of names) {
      fs.mkdirSync(path.dirname(file("bucket", name)), { recursive: true });
      fs.writeFileSync(file("bucket", name), name);
    }
    expect(await namesOf(store.list("gs://bucket/"))).to.deep.equal(names.toSorted());
    for (const name of names) {
      expect(String(await bytesOf(store.read(`gs://bucket/${name}`)))).to.equal(name);
    }
    const cat = await store.stat("gs://bucket/photos/my%20cat.png");
    expect(cat?.contentType).to.equal("image/png");
    expect(BigInt(cat?.generation ?? "0") > 0n).to.equal(true);
  });

  it("gives a file that was changed by hand a new generation without the old attributes", async () => {
    const before = await store.write("gs://bucket/x.txt", Buffer.from("1"), {
      contentType: "text/x-odd",
    });
    fs.writeFileSync(file("bucket/x.txt"), "12");
    const after = await store.stat("gs://bucket/x.txt");
    expect(after?.generation).to.not.equal(before.generation);
    expect(after).to.include({ size: 2, contentType: "text/plain" });
  });

  it("follows links to files and folders, and no link that leads up", async () => {
    fs.mkdirSync(file("elsewhere/sub"), { recursive: true });
    fs.writeFileSync(file("elsewhere/sub/x"), "linked");
    fs.mkdirSync(file("bucket"));
    fs.symlinkSync(file("elsewhere"), file("bucket/folder"));
    fs.symlinkSync(file("bucket"), file("bucket/up"));
    fs.symlinkSync(file("nowhere"), file("bucket/dangling"));
    expect(await namesOf(store.list("gs://bucket/"))).to.deep.equal(["folder/sub/x"]);
  });

  it("moves an object aside when a folder of its name is needed, generation and attributes with it", async () => {
    const written = await store.write("gs://bucket/a", Buffer.from("leaf"), {
      contentType: "text/x-odd",
    });
    await store.write("gs://bucket/a/b/c", Buffer.from("below"));
    const { generation, contentType } = written;
    expect(await store.stat("gs://bucket/a")).to.include({ generation, contentType });
    await store.delete("gs://bucket/a/b/c");
    expect(await store.stat("gs://bucket/a")).to.include({ generation });
    await store.write("gs://bucket/a", Buffer.from("again"));
    expect(await namesOf(store.list("gs://bucket/"))).to.deep.equal(["a"]);
    expect(String(await bytesOf(store.read("gs://bucket/a")))).to.equal("again");
  });

  it("leaves no empty folder and no unfinished file behind", async () => {
    await store.write("gs://bucket/deep/er/x", Buffer.from("1"), { contentType: "text/x-odd" });
    await store
      .write("gs://bucket/deep/er/x", Buffer.from("2"), { ifGenerationMatch: "0" })
      .catch(() => undefined);
    await store.delete("gs://bucket/deep/er/x");
    expect(fs.readdirSync(file("bucket"))).to.deep.equal([".vision-batch"]);
    const left = fs.readdirSync(file("bucket"), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).to.deep.equal([]);
  });

  it("writes into folders that others make and remove in the same moment", async () => {
    const writers = ["a", "b", "c"].map(
      (name) =>
        new Worker(new URL("./store-writer.ts", import.meta.url), {
          workerData: { root, name, times: 300 },
          execArgv: [],
        }),
    );
    const problems = await Promise.all(
      writers.map(async (writer) => (await once(writer, "message")) as [string[]]),
    );
    expect(problems.flat(2)).to.deep.equal([]);
    await Promise.all(writers.map((writer) => writer.terminate()));
  });

  it("finds nothing under a prefix that no file can have", async () => {
    await store.write("gs://bucket/a", Buffer.from("1"));
    expect(await namesOf(store.list("gs://bucket/a\0/b"))).to.deep.equal([]);
  });

  it("keeps generations on a file system whose times are whole seconds", async () => {
    const exact = fs.futimesSync;
    fs.futimesSync = (fd, atime, mtime) => {
      exact(fd, Math.floor(Number(atime)), Math.floor(Number(mtime)));
    };
    try {
      for (const text of ["1", "2"]) {
        const written = await store.write("gs://bucket/coarse", Buffer.from(text));
        expect(await store.stat("gs://bucket/coarse")).to.deep.equal(written);
      }
    } finally {
      fs.futimesSync = exact;
    }
  });

  it("writes a larger generation than that of a file with a strange time", async () => {
    fs.mkdirSync(file("bucket"));
    fs.writeFileSync(file("bucket/old"), "x");
    fs.utimesSync(file("bucket/old"), 0, 0);
    expect(await store.stat("gs://bucket/old")).to.include({ generation: "1" });
    const future = Date.now() / 1000 + 1e6;
    fs.utimesSync(file("bucket/old"), future, future);
    const before = await store.stat("gs://bucket/old");
    const after = await store.write("gs://bucket/old", Buffer.from("y"));
    expect(BigInt(after.generation) > BigInt(before?.generation ?? "0")).to.equal(true);
  });

  it("takes generations from the clock that it is given", async () => {
    const frozen = createDirectoryStore(root, { now: () => 1_700_000_000_000 });
    const generations: string[] = [];
    for (const name of ["a", "b", "a"]) {
      generations.push((await frozen.write(`gs://bucket/${name}`, Buffer.from("x"))).generation);
    }
    expect(generations).to.deep.equal(["1700000000000000", "1700000000000001", "1700000000000002"]);
    expect(await frozen.stat("gs://bucket/a")).to.include({ generation: "1700000000000002" });
  });

  it("finds content damaged that does not fit the checksum which was kept", async () => {
    const directory = new ObjectDirectory(root);
    const staged = await directory.stage("bucket", { hashed: true });
    await staged.write(Buffer.from("good"));
    directory.commit(staged, "x", { attributes: { cacheControl: "no-store" } });
    const { atime, mtimeMs } = fs.statSync(file("bucket/x"));
    fs.writeFileSync(file("bucket/x"), "evil");
    fs.utimesSync(file("bucket/x"), atime, mtimeMs / 1000);
    expect(await store.stat("gs://bucket/x")).to.have.property("crc32c");
    await expectReason(bytesOf(store.read("gs://bucket/x")), "corrupt");
    expect(String(await bytesOf(store.read("gs://bucket/x", { end: 1 })))).to.equal("ev");
  });

  it("makes no bucket when told so, and never one whose name leads elsewhere", async () => {
    const strict = createDirectoryStore(root, { createBuckets: false });
    await expectReason(strict.write("gs://bucket/x", Buffer.from("")), "notFound");
    for (const bucket of ["..", ".", "-x", "UPPER", "ab"]) {
      await expectReason(store.write(`gs://${bucket}/x`, Buffer.from("")), "invalidArgument");
    }
    expect(fs.readdirSync(root)).to.deep.equal([]);
  });

  it("releases the file when a reader breaks off", async () => {
    await store.write("gs://bucket/big", Buffer.alloc(2_000_000));
    const open = (): string[] =>
      fs.readdirSync("/proc/self/fd").flatMap((fd) => {
        const link = path.join("/proc/self/fd", fd);
        return fs.existsSync(link) ? fs.readlinkSync(link) : [];
      });
    for await (const chunk of store.read("gs://bucket/big")) {
      expect(chunk.length).to.be.greaterThan(0);
      break;
    }
    if (process.platform === "linux") {
      expect(open().filter((target) => target.startsWith(root))).to.deep.equal([]);
    }
  });
});
