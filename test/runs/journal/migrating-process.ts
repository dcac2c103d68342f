// A process that is killed in the middle of a migration.
import { DatabaseSync } from "node:sqlite";
import { migrate, migrations } from "../../../src/runs/journal/sqlite/schema.ts";
import { SqliteDatabase } from "../../../src/runs/journal/sqlite/sqlite-database.ts";

const connection = new DatabaseSync(process.argv[2] ?? "");
connection.exec("pragma journal_mode = wal");
connection.function("die", () => {
  process.kill(process.pid, "SIGKILL");
  return null;
});
const database = new SqliteDatabase(connection, { journal: "sqlite:killed", lockTimeoutMs: 0 });
const next = "alter table run add column note text; update run set note = 'x'; select die();";
await migrate(database, [...migrations, next]);
