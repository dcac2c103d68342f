import { JournalError } from "../../../src/errors/index.ts";
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { checkSqliteVersion, loadSqlite } from "../../../src/runs/journal/sqlite/load-sqlite.ts";
import { openSqliteJournal } from "../../../src/runs/journal/sqlite/open-sqlite-journal.ts";
import { SqliteDatabase } from "../../../src/runs/journal/sqlite/sqlite-database.ts";
import { SqliteJournal } from "../../../src/runs/journal/sqlite/sqlite-journal.ts";
import { epochMs, makeChunks, planRun } from "./planned-run.ts";

describe("SQLite journal, when something is wrong", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-journal-"));
    path = join(folder, "runs.db");
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("loses nothing that was written when its writer is killed in the middle of a batch", async () => {
    for (let round = 0; round < 5; round++) {
      const file = join(folder, `killed-${round}.db`);
      const told = await killWriter(file, 3 + round);
      await using journal = await openJournal(`sqlite:${file}`);
      const run = await journal.findRun("run");
      const chunks = await journal.listChunks({ run: run!.key, limit: 1000 });
      const polls = new Set(chunks.map(({ chunk }) => chunk.polls));
      expect(chunks).to.have.length(100);
      expect(polls.size, "a batch was written in part").to.equal(1);
      expect([...polls][0]).to.be.at.least(told);
      const events = await journal.listEvents({ run: run!.key, limit: 1e6 });
      expect(events.length).to.equal(2 + 100 * [...polls][0]!);
    }
  }).timeout(60_000);

  it("waits for another process to let go of the file, without blocking the thread", async () => {
    await using journal = await openSqliteJournal({ path, lockTimeoutMs: 10_000 });
    const other = new DatabaseSync(path);
    other.exec("begin immediate");
    let isWritten = false;
    const written = planRun(journal).then(() => (isWritten = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isWritten).to.be.false;
    other.exec("commit");
    other.close();
    await written;
  });

  it("says that it is locked when another process does not let go", async () => {
    await using journal = await openSqliteJournal({ path, lockTimeoutMs: 1 });
    const { key } = await planRun(journal);
    const other = new DatabaseSync(path);
    other.exec("begin immediate");
    await expectError(planRun(journal, { id: "b" }), "locked");
    expect(await journal.readRun(key)).to.include({ id: "run" });
    other.close();
    await planRun(journal, { id: "b" });
  });

  it("says what to do where a process was stopped in the middle of a write, and goes on when that does", async () => {
    await using journal = await openSqliteJournal({ path, lockTimeoutMs: 50 });
    const program = `
      import { writeSync } from "node:fs";
      import { DatabaseSync } from "node:sqlite";
      const connection = new DatabaseSync(${JSON.stringify(path)}, { timeout: 5000 });
      connection.exec("begin immediate");
      writeSync(1, "it writes");
      process.kill(process.pid, "SIGSTOP");
      connection.exec("commit");
      connection.close();
    `;
    const args = ["--input-type=module", "--eval", program];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "close");
    try {
      await once(child.stdout, "data");
      const error = await expectError(planRun(journal), "locked");
      expect(error.message).to.match(/stopped in the middle of a write.*let it go on or end it/);
    } finally {
      child.kill("SIGCONT");
    }
    await closed;
    expect(await planRun(journal)).to.include({ state: "running" });
  });

  it("keeps what it has when the disk is full, and goes on when there is room", async () => {
    const connection = new DatabaseSync(path);
    await using whole = await openSqliteJournal({ path });
    await planRun(whole, { id: "a" });
    await using database = new SqliteJournal(
      new SqliteDatabase(connection, { journal: "sqlite:full", lockTimeoutMs: 0 }),
    );
    const pages = connection.prepare("pragma page_count").get() as { page_count: number };
    connection.exec(`pragma max_page_count = ${pages.page_count + 5}`);
    await expectError(planRun(database, { id: "b", count: 500 }), "full");
    expect(await database.findRun("a")).to.include({ state: "running" });
    expect(await database.findRun("b")).to.include({ state: "planning", chunks: 0 });
    connection.exec("pragma max_page_count = 1000000");
    const { key } = (await database.findRun("b"))!;
    const part = { run: key, chunks: makeChunks(500), nowMs: epochMs };
    expect(await database.appendPlan(part)).to.be.true;
  });

  it("says that a file is no journal", async () => {
    await writeFile(path, "inputs of a run, not a journal\n".repeat(100));
    await expectError(openJournal(`sqlite:${path}`), "corrupt");
    await rm(path);
    const other = new DatabaseSync(path);
    other.exec("create table mine (x)");
    other.close();
    await expectError(openJournal(`sqlite:${path}`), "corrupt");
    const again = new DatabaseSync(path);
    const { journal_mode } = again.prepare("pragma journal_mode").get() as object as {
      journal_mode: string;
    };
    again.close();
    expect(journal_mode, "the database of another program was changed").to.equal("delete");
  });

  it("says that it is damaged, and opens none of it by mistake", async () => {
    const journal = await openJournal(`sqlite:${path}`);
    await planRun(journal, { count: 2000 });
    await journal.close();
    const { size } = await stat(path);
    const file = await open(path, "r+");
    for (let page = 8; page * 4096 < size; page++) {
      await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    }
    await file.close();
    await expectError(readAll(path), "corrupt");
    await truncate(path, 4096 * 3);
    await expectError(readAll(path), "corrupt");
  });

  it("refuses the journal of a later release, and changes nothing in it", async () => {
    await (await openJournal(`sqlite:${path}`)).close();
    const later = new DatabaseSync(path);
    later.exec("pragma user_version = 99");
    later.close();
    const error = await expectError(openJournal(`sqlite:${path}`), "newer");
    expect(error.message).to.match(/schema 99.*update vision-batch/);
  });

  it("makes a file only where it may", async () => {
    await expectError(openSqliteJournal({ path, create: false }), "notFound");
    expect(await readdir(folder)).to.be.empty;
    const nowhere = join(folder, "nowhere", "runs.db");
    await expectError(openJournal(`sqlite:${nowhere}`), "notFound");
    await expectError(openJournal("runs.db"), "unsupported");
    await expectError(openJournal("sqlite:"), "unsupported");
  });

  it("says that it cannot write into a folder without the right to", async () => {
    await (await openJournal(`sqlite:${path}`)).close();
    await chmod(folder, 0o555);
    await chmod(path, 0o444);
    expect(await openWithoutRights(path)).to.equal("readOnly");
    expect(await openWithoutRights(join(folder, "new.db"))).to.equal("readOnly");
    await chmod(folder, 0o755);
  });

  it("refuses everything once it is closed", async () => {
    const journal = await openJournal(`sqlite:${path}`);
    await journal.close();
    await journal.close();
    await expectError(journal.listRuns({ limit: 1 }), "closed");
    expect(await readdir(folder)).to.deep.equal(["runs.db"]);
  });

  it("refuses a SQLite that may corrupt a shared file", () => {
    for (const version of ["3.50.4", "3.51.2", "2.99.9"]) {
      expect(() => checkSqliteVersion(version, "j"), version).to.throw(JournalError, "22.23");
    }
    for (const version of ["3.51.3", "3.51.10", "3.53.0", "4.0.0"]) {
      expect(() => {
        checkSqliteVersion(version, "j");
      }, version).not.to.throw();
    }
  });

  it("loads SQLite without its warning, and lets all others through", () => {
    const getBuiltinModule = process.getBuiltinModule.bind(process);
    const own = Object.getOwnPropertyDescriptors(process);
    const shown: unknown[] = [];
    const replace = (name: "emitWarning" | "getBuiltinModule", value: unknown): void => {
      Object.defineProperty(process, name, { value, configurable: true, writable: true });
    };
    replace("emitWarning", (warning: unknown) => shown.push(warning));
    replace("getBuiltinModule", (name: string): unknown => {
      process.emitWarning("SQLite is an experimental feature and might change at any time");
      process.emitWarning("something else");
      return getBuiltinModule(name);
    });
    try {
      expect(loadSqlite("j").DatabaseSync).to.equal(DatabaseSync);
      replace("getBuiltinModule", () => undefined);
      expect(() => loadSqlite("j")).to.throw(JournalError, "has no SQLite");
    } finally {
      Object.defineProperties(process, {
        emitWarning: own.emitWarning,
        getBuiltinModule: own.getBuiltinModule,
      });
    }
    expect(shown).to.deep.equal(["something else"]);
  });
});

/** Kills a writer after it told of some batches; tells the last that it told of. */
async function killWriter(path: string, batches: number): Promise<number> {
  const script = join(import.meta.dirname, "batch-writer.ts");
  const child = spawn(process.execPath, [script, `sqlite:${path}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line);
    if (told >= batches) child.kill("SIGKILL");
  }
  await closed;
  return told;
}

async function readAll(path: string): Promise<void> {
  await using journal: Journal = await openJournal(`sqlite:${path}`);
  const [run] = await journal.listRuns({ limit: 1 });
  await journal.listChunks({ run: run?.key ?? 1, limit: 10_000 });
  await journal.listEvents({ run: run?.key ?? 1, limit: 10_000 });
  await planRun(journal, { id: "more", count: 10 });
}

/** The reason that a process is told whose user is nobody, for root may write anywhere. */
async function openWithoutRights(path: string): Promise<string> {
  const url = new URL("../../../src/runs/journal/open-journal.ts", import.meta.url).href;
  const program = `
    import { openJournal } from ${JSON.stringify(url)};
    const nobody = 65534;
    if (process.getuid() === 0) { process.setgid(nobody); process.setuid(nobody); }
    await openJournal(${JSON.stringify(`sqlite:${path}`)}).then(
      (journal) => journal.createRun({ id: "x", scope: "", options: {}, settings: {}, nowMs: 1 }),
    ).then(() => console.log("written"), (error) => console.log(error.reason ?? error.stack));
  `;
  const args = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return (await text(child.stdout)).trim();
}

async function expectError(
  promise: Promise<unknown>,
  reason: JournalError["reason"],
): Promise<JournalError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(JournalError);
  expect((error as JournalError).reason, (error as Error).message).to.equal(reason);
  return error as JournalError;
}
