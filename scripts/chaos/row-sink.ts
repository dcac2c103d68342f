import type { ResultSink } from "../../src/workers/index.ts";

/** Nothing in the table itself keeps a record from being there twice. */
export const makeRowTable = "create table chaos_record (chunk integer, line json)";

/** All rows, by chunk. */
export const readRowTable = "select chunk, line::text as line from chaos_record order by ctid";

/** Takes records as rows, in the transaction of their delivery. */
export const writeRows: ResultSink = async ({ number }, records, { transaction }) => {
  if (transaction === undefined) throw new Error("there is no transaction");
  const lines: string[] = [];
  for await (const record of records) lines.push(JSON.stringify(record));
  const sql = "insert into chaos_record select $1, line::json from unnest($2::text[]) as line";
  await transaction.query(sql, [number, lines]);
};
