import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { GenerationClock } from "../../src/storage/generation-clock.ts";
import { commitContent } from "../../src/storage/object-commit.ts";
import { ObjectDirectory } from "../../src/storage/object-directory.ts";
import { expectReason } from "./object-store-contract.ts";

describe("commitContent", () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "object-commit-"));
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  it("leaves no sidecar where another process has come first", async () => {
    const directory = new ObjectDirectory(root);
    const bucketFolder = path.join(root, "bucket");
    const staged = await directory.stage("bucket", { hashed: true });
    const object = path.join(bucketFolder, "x");
    fs.writeFileSync(object, "first");
    const commit = (): Promise<unknown> =>
      Promise.resolve().then(() =>
        commitContent(
          staged,
          { bucket: "bucket", name: "x", bucketFolder },
          {
            conditions: { ifGenerationMatch: "0" },
            attributes: { cacheControl: "no-store" },
            // As it was found before the other process wrote.
            place: { path: object, stats: undefined },
            current: undefined,
            clock: new GenerationClock(() => 1_000),
          },
        ),
      );
    await expectReason(commit(), "preconditionFailed");
    staged.discard();
    const left = fs.readdirSync(bucketFolder, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).to.deep.equal(["x"]);
  });

  it("gives writers generations of their own in the same millisecond", async () => {
    const fractions = new Set<number>();
    for (let index = 0; index < 20; index += 1) {
      const directory = new ObjectDirectory(root);
      const staged = await directory.stage("bucket", { hashed: false });
      const { generation } = directory.commit(staged, `object-${index}`);
      fractions.add(Number(generation) % 1000);
    }
    expect(fractions.size).to.be.greaterThan(1);
  });
});
