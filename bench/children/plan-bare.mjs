import { DatabaseSync } from "node:sqlite";
import { imageUris, printMeasurement } from "./plan-load.mjs";

const rowsPerTransaction = 10_000;
const inputsPerChunk = 2000;

const [path = "", given = ""] = process.argv.slice(2);
const count = Number(given);
const total = { uriBytes: 0 };
const start = performance.now();
const database = new DatabaseSync(path);
database.exec("pragma journal_mode = wal");
database.exec("pragma synchronous = full");
database.exec("pragma journal_size_limit = 67108864");
// No key and no index: the least that keeps the rows.
database.exec(`
  create table input (
    run integer not null,
    chunk integer not null,
    position integer not null,
    uri text not null
  ) strict`);
const insert = database.prepare("insert into input values (?, ?, ?, ?)");
let rows = 0;
database.exec("begin");
for (const uri of imageUris(count, total)) {
  insert.run(1, Math.floor(rows / inputsPerChunk), rows % inputsPerChunk, uri);
  rows += 1;
  if (rows % rowsPerTransaction > 0) continue;
  database.exec("commit");
  database.exec("begin");
}
database.exec("commit");
database.close();
const ms = performance.now() - start;
checkRows();
printMeasurement({ ms, path, count, ...total });

function checkRows() {
  const again = new DatabaseSync(path, { readOnly: true });
  const { written } = again.prepare("select count(*) as written from input").get() ?? {};
  again.close();
  if (written !== count) throw new Error(`${written} of ${count} rows were written`);
}
