import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import pg from "pg";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import { PostgresDatabase } from "../../../src/runs/journal/postgres/postgres-database.ts";
import { migrations, prepareSchema } from "../../../src/runs/journal/postgres/schema.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { planRun } from "./planned-run.ts";

/** A step that follows all others, as a later release will have one. */
const next = "alter table journal.run add column note text; update journal.run set note = 'x';";

describe("PostgreSQL journal of an older version", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let url: string;

  beforeEach(async () => {
    database = await createDatabase();
    url = `${database.url}?schema=old`;
    const sql = await readFile(join(import.meta.dirname, "postgres-schema-1.sql"), "utf8");
    await runSql(database.url, sql);
  });

  afterEach(() => database.drop());

  /** Everything that a journal consists of, and its version. */
  async function schemaOf(schema: string): Promise<unknown[]> {
    const columns = await runSql(
      database.url,
      `select table_name, column_name, data_type, is_nullable, column_default, is_identity
       from information_schema.columns where table_schema = '${schema}'
       order by table_name, column_name`,
    );
    const indexes = await runSql(
      database.url,
      `select replace(indexdef, '${schema}.', '') as definition from pg_indexes
       where schemaname = '${schema}' order by 1`,
    );
    const constraints = await runSql(
      database.url,
      `select conname, replace(pg_get_constraintdef(oid), '${schema}.', '') as definition
       from pg_constraint where connamespace = '${schema}'::regnamespace order by 1, 2`,
    );
    const versions = `select version from ${schema}.journal_version order by version`;
    return [columns, indexes, constraints, await runSql(database.url, versions)];
  }

  async function migrateTo(steps: readonly string[]): Promise<void> {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const opened = new PostgresDatabase(pool, { journal: url, schema: "old", outageMs: 0 });
    try {
      await prepareSchema(opened, { create: true, steps });
    } finally {
      await opened.close();
    }
  }

  it("keeps what it has, and becomes what a new one is", async () => {
    {
      await using journal = await openPostgresJournal({ url, create: false });
      const run = await journal.findRun("scans");
      expect(run).to.include({ state: "running", inputs: 30, chunks: 3 });
      const [first, second, third] = await journal.listChunks({ run: 1, limit: 10 });
      expect(first?.chunk).to.deep.include({ state: "running", memo: { pollFailures: 1 } });
      expect(first?.attempt?.operation).to.include({ name: "operations/1" });
      expect(second?.chunk).to.include({ state: "planned", size: 10 });
      // Workers of the older release have handed it on.
      expect(third?.chunk).to.not.have.property("undeliveredMs");
      expect(await journal.readFlow("project")).to.include({ rate: 0.5 });
      expect((await journal.progress(1))?.counts).to.include({ succeeded: 10 });
      await planRun(journal);
    }
    await (await openJournal(`${database.url}?schema=fresh`)).close();
    expect(await schemaOf("old")).to.deep.equal(await schemaOf("fresh"));
  });

  it("is brought to the next version step by step, once, by whoever comes first", async () => {
    await Promise.all([1, 2, 3].map(() => migrateTo([...migrations, next])));
    const versions = await runSql(
      database.url,
      "select version from old.journal_version order by 1",
    );
    expect(versions.map(({ version }) => version)).to.deep.equal(
      [...migrations, next].map((_, index) => index + 1),
    );
    expect(await runSql(database.url, "select id, note from old.run")).to.deep.equal([
      { id: "scans", note: "x" },
    ]);
  });

  it("stays as it was where a step fails", async () => {
    const before = await schemaOf("old");
    const failing = `${next} insert into nothing values (1);`;
    const error = await rejection(migrateTo([...migrations, failing]));
    expect(error).to.have.property("name", "JournalError");
    expect(await schemaOf("old")).to.deep.equal(before);
    expect(await runSql(database.url, "select id from old.run")).to.deep.equal([{ id: "scans" }]);
  });
});
