import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findInputs, listedInputs } from "../../../src/cli/inputs/find-inputs.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { collect } from "../../fixtures/collect.ts";
import { createDirectoryStore, type ObjectStore } from "../../../src/storage/index.ts";

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

describe("findInputs", () => {
  let root: string;
  let store: ObjectStore;
  let skipped: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vision-batch-inputs-"));
    store = createDirectoryStore(join(root, "buckets"));
    skipped = [];
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const context = () => ({
    store,
    signal: new AbortController().signal,
    onSkipped: (path: string) => void skipped.push(path),
  });

  async function objects(...names: readonly string[]): Promise<void> {
    for (const name of names) await store.write(`gs://bucket/${name}`, png);
  }

  async function files(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await mkdir(join(root, name, ".."), { recursive: true });
      await writeFile(join(root, name), name.endsWith(".txt") ? "text" : png);
    }
  }

  async function found(...args: readonly string[]): Promise<readonly string[]> {
    const inputs = await collect(findInputs(args, context()));
    return inputs.map(({ given }) => given.replace(`${root}/`, ""));
  }

  it("takes an object's URI as it is, without looking", async () => {
    expect(await found("gs://nowhere/a.png")).to.deep.equal(["gs://nowhere/a.png"]);
  });

  it("finds the objects that a glob matches, in the bucket's order", async () => {
    await objects("in/a.png", "in/b.jpg", "in/deep/c.png", "in2/d.png", "top.png");
    expect(await found("gs://bucket/in/*.png")).to.deep.equal(["gs://bucket/in/a.png"]);
    expect(await found("gs://bucket/in/**/*.png")).to.deep.equal([
      "gs://bucket/in/a.png",
      "gs://bucket/in/deep/c.png",
    ]);
    expect(await found("gs://bucket/*.png")).to.deep.equal(["gs://bucket/top.png"]);
    expect(await found("gs://bucket/in*/{a,d}.png")).to.deep.equal([
      "gs://bucket/in/a.png",
      "gs://bucket/in2/d.png",
    ]);
  });

  it("takes an object whose name looks like a pattern for itself", async () => {
    await objects("in/photo (1).jpg", "in/photo 1.jpg");
    expect(await found("gs://bucket/in/photo (1).jpg")).to.deep.equal([
      "gs://bucket/in/photo (1).jpg",
    ]);
  });

  it("finds everything below a gs:// folder but the objects that stand for folders", async () => {
    await objects("in/", "in/a.png", "in/deep/b.png");
    expect(await found("gs://bucket/in/")).to.deep.equal([
      "gs://bucket/in/a.png",
      "gs://bucket/in/deep/b.png",
    ]);
  });

  it("leaves the results of earlier runs out, and tells which", async () => {
    await objects("in/a.png", "out/run/000000/1/output-1-to-20.json");
    expect(await found("gs://bucket/")).to.deep.equal(["gs://bucket/in/a.png"]);
    expect(await found("gs://bucket/{in,out}/**")).to.deep.equal(["gs://bucket/in/a.png"]);
    const shard = "gs://bucket/out/run/000000/1/output-1-to-20.json";
    expect(skipped).to.deep.equal([shard, shard]);
  });

  it("refuses a pattern in the place of a bucket", async () => {
    const error: unknown = await found("gs://buck*/a.png").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UsageError);
  });

  it("finds local files, globs and folders, and tells what it skips in folders", async () => {
    await files("in/b.png", "in/a.png", "in/notes.txt", "in/deep/c.png", "in/.hidden/d.png");
    expect(await found(join(root, "in/notes.txt"))).to.deep.equal(["in/notes.txt"]);
    expect(await found(join(root, "in/*.png"))).to.deep.equal(["in/a.png", "in/b.png"]);
    expect(skipped).to.deep.equal([]);
    expect(await found(join(root, "in"))).to.deep.equal(["in/a.png", "in/b.png", "in/deep/c.png"]);
    expect(skipped).to.deep.equal([join(root, "in/notes.txt")]);
  });

  it("refuses what names nothing", async () => {
    await objects("in/a.jpg");
    for (const argument of [join(root, "none.png"), join(root, "*.png"), "gs://bucket/*.png"]) {
      const error: unknown = await found(argument).catch((reason: unknown) => reason);
      expect(error, argument).to.be.instanceOf(UsageError);
    }
  });

  it("takes the lines of a list literally", async () => {
    await files("in/[1].png");
    const lines = ["gs://bucket/*.png", join(root, "in/[1].png")];
    const given = (async function* () {
      yield* lines;
    })();
    const inputs = await collect(listedInputs(given, context()));
    expect(inputs.map(({ given }) => given)).to.deep.equal(lines);
  });
});
