import { expect } from "chai";
import { startMeteredDatabase } from "../../bench/workers/database-meter.ts";
import { runSql } from "../../scripts/postgres/run-sql.ts";

describe("the meter of a database", () => {
  it("counts the statements that write, and those among them that change something", async () => {
    await using database = await startMeteredDatabase();
    const { url } = database;
    await runSql(url, "create table kept (number integer primary key, note text)");
    await runSql(url, "insert into kept values (0, 'before')");
    await database.reset();
    for (const sql of [
      "insert into kept select generate_series(1, 10)",
      "update kept set note = 'found' where number = 1",
      "update only kept as k set note = 'lost' where k.number = 11",
      "with gone as (delete from kept where number = 2 returning number) select number from gone",
      "select number from kept where number = 3 for update",
      "select note from kept where note = 'update it and set it'",
    ]) {
      await runSql(url, sql);
    }
    const { statements, writes, changes } = await database.read();
    expect({ statements, writes, changes }).to.deep.equal({ statements: 6, writes: 4, changes: 3 });
  });
});
