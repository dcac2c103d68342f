import { writeNdjson, type ResultSink } from "../../src/workers/index.ts";

/** What {@link insertRecords} needs. */
export const recordTable = "create table record (chunk int, index int)";

/** Adds the records of a chunk to a table, one more each time that it is called. */
export const insertRecords: ResultSink = async ({ number }, records, { transaction }) => {
  for await (const { index } of records) {
    await transaction?.query("insert into record values ($1, $2)", [number, index]);
  }
};

/** Writes them as an object. */
export const writeRecords: ResultSink = (...given) => writeNdjson(...given);
