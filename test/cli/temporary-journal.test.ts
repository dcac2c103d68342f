import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { removeJournal, TemporaryJournal } from "../../src/cli/temporary-journal.ts";

describe("TemporaryJournal", () => {
  let folder: string;
  const before = process.cwd();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-journal-"));
    process.chdir(folder);
  });

  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  const listeners = () => process.listenerCount("exit");

  it("stands in the working folder and ends with the process until it is kept", async () => {
    const count = listeners();
    const journal = await TemporaryJournal.forRun("r1");
    expect(journal.url).to.equal("sqlite:vision-batch-r1.db");
    expect(listeners()).to.be.greaterThan(count);
    journal.keep();
    expect(listeners()).to.equal(count);
  });

  it("does not end with a process that found it there", async () => {
    await writeFile("vision-batch-r1.db", "kept");
    const count = listeners();
    await TemporaryJournal.forRun("r1");
    expect(listeners()).to.equal(count);
  });

  it("is removed with the files beside it", async () => {
    const journal = await TemporaryJournal.forRun("r1");
    const files = ["", "-wal", "-shm"].map((end) => `vision-batch-r1.db${end}`);
    for (const file of files) await writeFile(file, "");
    await journal.remove();
    expect(files.filter((file) => existsSync(file))).to.deep.equal([]);
  });

  it("is kept in memory where this Node's SQLite is too old for files, or there is none", async () => {
    for (const version of ["3.46.1", ""]) {
      const journal = await TemporaryJournal.forRun("r1", version);
      expect(journal).to.include({ url: "sqlite::memory:", outlives: false });
    }
  });

  it("has no files in memory", async () => {
    await removeJournal(TemporaryJournal.inMemory().url);
  });
});
