import { expect } from "chai";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../../../src/runs/journal/postgres/postgres-journal.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";

describe("a transaction of the journal in PostgreSQL that somebody else writes in", function () {
  this.timeout(20_000);
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let journal: PostgresJournal;

  beforeEach(async () => {
    database = await createDatabase();
    await runSql(database.url, "create table note (id integer primary key)");
    journal = await openPostgresJournal({ url: database.url });
  });

  afterEach(async () => {
    await journal.close();
    await database.drop();
  });

  const notes = async () =>
    (await runSql(database.url, "select id from note order by id")).map(({ id }) => id as number);

  it("keeps nothing of statements that were asked for together where one fails", async () => {
    const ids = [1, 1, 2, 3, 4];
    const failed = journal.transact((transaction) =>
      Promise.all(ids.map((id) => transaction.query("insert into note values ($1)", [id]))),
    );
    expect(await rejection(failed)).to.have.property("code", "23505");
    await journal.close();
    expect(await notes()).to.deep.equal([]);
  });

  it("takes no statement when it is over", async () => {
    const given = await journal.transact(async (transaction) => {
      await transaction.query("insert into note values (1)");
      return transaction;
    });
    const late = await rejection(given.query("insert into note values (2)"));
    expect(late).to.have.property("message").that.includes("is over");
    expect(await notes()).to.deep.equal([1]);
  });

  it("takes no statement after the last of the journal, which would not fail with it", async () => {
    const chunk = { run: 1, number: 0 };
    const failed: Promise<unknown>[] = [];
    await journal.transact(async (transaction) => {
      await transaction.query("insert into note values (1)");
      const ended = transaction.setDelivered(chunk);
      failed.push(rejection(transaction.query("insert into note values (1)")));
      await ended;
    });
    expect(await failed[0])
      .to.have.property("message")
      .that.includes("is over");
    expect(await notes()).to.deep.equal([1]);
  });
});
