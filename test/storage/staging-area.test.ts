import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ObjectDirectory } from "../../src/storage/object-directory.ts";
import { rejection } from "../fixtures/rejection.ts";

const dayMs = 24 * 60 * 60 * 1000;

describe("StagingArea", () => {
  let root: string;
  let unfinished: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "staging-area-"));
    unfinished = path.join(root, "bucket", ".vision-batch", "unfinished");
    fs.mkdirSync(unfinished, { recursive: true });
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  function leave(name: string, ageMs: number): void {
    const file = path.join(unfinished, name);
    fs.writeFileSync(file, "left by a killed process");
    const seconds = (Date.now() - ageMs) / 1000;
    fs.utimesSync(file, seconds, seconds);
  }

  it("removes what killed processes left over a week ago, at the first write to a bucket", async () => {
    leave("1-old-1", 8 * dayMs);
    leave("2-recent-1", 6 * dayMs);
    const directory = new ObjectDirectory(root);
    const staged = await directory.stage("bucket", { hashed: false });
    expect(fs.readdirSync(unfinished)).to.have.members([path.basename(staged.path), "2-recent-1"]);
    staged.discard();
  });

  it("does not look again at every write", async () => {
    const directory = new ObjectDirectory(root);
    (await directory.stage("bucket", { hashed: false })).discard();
    leave("1-old-1", 8 * dayMs);
    (await directory.stage("bucket", { hashed: false })).discard();
    expect(fs.readdirSync(unfinished)).to.deep.equal(["1-old-1"]);
  });

  it("keeps the file open until a write that is under way has ended", async () => {
    const staged = await new ObjectDirectory(root).stage("bucket", { hashed: false });
    const writing = staged.write(Buffer.alloc(1024));
    staged.discard();
    // A file opened now would get the number of one that is closed already, and the bytes with it.
    const other = fs.openSync(path.join(root, "other"), "w");
    expect(other).to.not.equal(staged.file);
    await writing;
    expect(fs.fstatSync(other).size).to.equal(0);
    expect(() => fs.fstatSync(staged.file)).to.throw("EBADF");
    fs.closeSync(other);
    expect(await rejection(staged.write(Buffer.alloc(1)))).to.have.property("reason", "unknown");
  });
});
