import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { migrate, migrations, schemaVersion } from "../../../src/runs/journal/sqlite/schema.ts";
import { SqliteDatabase } from "../../../src/runs/journal/sqlite/sqlite-database.ts";
import { rejection } from "../../fixtures/rejection.ts";

/** A step that follows all others, as a later release will have one. */
const next = "alter table run add column note text; update run set note = 'x';";

describe("SQLite journal of an older version", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-journal-"));
    path = join(folder, "runs.db");
    const sql = await readFile(join(import.meta.dirname, "schema-1.sql"), "utf8");
    using old = new DatabaseSync(path);
    old.exec(sql);
  });

  afterEach(() => rm(folder, { recursive: true }));

  function look<T>(sql: string, file = path): T[] {
    using connection = new DatabaseSync(file);
    return connection.prepare(sql).all() as T[];
  }

  /** Everything that a journal consists of, and its version. */
  function schemaOf(file: string): unknown[] {
    const parts = look<{ sql: string | null }>("select sql from sqlite_schema order by name", file);
    const words = parts.map(({ sql }) => sql?.replace(/\s+/g, " "));
    return [...words, look("pragma user_version", file), look("pragma application_id", file)];
  }

  async function migrateTo(steps: readonly string[]): Promise<void> {
    using connection = new DatabaseSync(path);
    const options = { journal: "sqlite:old", lockTimeoutMs: 0 };
    await migrate(new SqliteDatabase(connection, options), steps);
  }

  it("keeps what it has, and becomes what a new one is", async () => {
    {
      await using journal = await openJournal(`sqlite:${path}`);
      const run = await journal.findRun("scans");
      expect(run).to.include({ state: "running", inputs: 20, chunks: 2 });
      const [first, second] = await journal.listChunks({ run: 1, limit: 10 });
      expect(first?.chunk).to.deep.include({ state: "running", memo: { pollFailures: 1 } });
      expect(first?.attempt?.operation).to.include({ name: "operations/1" });
      expect(second?.chunk).to.include({ state: "planned", size: 10 });
      expect(await journal.readFlow("project")).to.include({ rate: 0.5 });
    }
    const fresh = join(folder, "new.db");
    await (await openJournal(`sqlite:${fresh}`)).close();
    expect(schemaOf(path)).to.deep.equal(schemaOf(fresh));
  });

  it("is brought to the next version step by step, once", async () => {
    await migrateTo([...migrations, next]);
    await migrateTo([...migrations, next]);
    expect(look("pragma user_version")).to.deep.equal([{ user_version: schemaVersion + 1 }]);
    expect(look("select id, note from run")).to.deep.equal([{ id: "scans", note: "x" }]);
  });

  it("stays as it was where a step fails", async () => {
    const before = schemaOf(path);
    const error = await rejection(
      migrateTo([...migrations, `${next} insert into nothing values (1);`]),
    );
    expect(error).to.have.property("name", "JournalError");
    expect(schemaOf(path)).to.deep.equal(before);
    expect(look("select id from run")).to.deep.equal([{ id: "scans" }]);
  });

  it("stays as it was where its process is killed in the middle of a step", async () => {
    const before = schemaOf(path);
    const script = join(import.meta.dirname, "migrating-process.ts");
    const child = spawn(process.execPath, [script, path], { stdio: "inherit" });
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    expect({ code, signal }).to.deep.equal({ code: null, signal: "SIGKILL" });
    expect(schemaOf(path)).to.deep.equal(before);
    await using journal = await openJournal(`sqlite:${path}`);
    expect(await journal.findRun("scans")).to.include({ state: "running" });
  });
});
