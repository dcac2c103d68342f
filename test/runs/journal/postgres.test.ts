import { randomBytes } from "node:crypto";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { describeJournal } from "./contract.ts";

describe("PostgreSQL journal", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;

  before(async () => {
    database = await createDatabase();
  });

  after(() => database.drop());

  describeJournal(
    async () => {
      const schema = `journal_${randomBytes(4).toString("hex")}`;
      return {
        connect: () => openJournal(`${database.url}?schema=${schema}`),
        remove: async () => {
          await runSql(database.url, `drop schema ${schema} cascade`);
        },
      };
    },
    { isShared: true },
  );
});
