import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, runSql } from "../fixtures/postgres-server.ts";
import { describeSharedRuns } from "./describe-shared-runs.ts";

describe("Runs that share a journal in SQLite", () => {
  describeSharedRuns(async () => {
    const folder = await mkdtemp(join(tmpdir(), "vision-batch-shared-"));
    return {
      url: `sqlite:${join(folder, "runs.db")}`,
      remove: () => rm(folder, { recursive: true }),
    };
  });
});

describe("Runs that share a journal in PostgreSQL", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;

  before(async () => {
    database = await createDatabase();
  });

  after(() => database.drop());

  describeSharedRuns(async () => {
    const schema = `journal_${randomBytes(4).toString("hex")}`;
    return {
      url: `${database.url}?schema=${schema}`,
      remove: async () => {
        await runSql(database.url, `drop schema ${schema} cascade`);
      },
    };
  });
});
