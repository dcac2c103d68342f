import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { openChunkStates } from "../../../src/runs/journal/journal.ts";
import { migrate } from "../../../src/runs/journal/sqlite/schema.ts";
import { SqliteDatabase, type Values } from "../../../src/runs/journal/sqlite/sqlite-database.ts";
import { SqliteJournal } from "../../../src/runs/journal/sqlite/sqlite-journal.ts";
import {
  claimAll,
  claimOf,
  counts,
  epochMs,
  intent,
  noLimits,
  planRun,
  step,
} from "./planned-run.ts";

/** Keeps the statements that it is given. */
class ListeningDatabase extends SqliteDatabase {
  readonly statements = new Set<string>();

  override all(sql: string, values?: Values): readonly unknown[] {
    this.statements.add(sql);
    return super.all(sql, values);
  }

  override get(sql: string, values?: Values): unknown {
    this.statements.add(sql);
    return super.get(sql, values);
  }

  override run(sql: string, values?: Values): number {
    this.statements.add(sql);
    return super.run(sql, values);
  }
}

/** Reads all chunks or attempts of a run, or of all runs. */
const readsAll = /^(SCAN|SEARCH) (chunk|attempt)\b(?!.*(number=|chunk_(due|under_way|worker)\b))/;

/** All that a worker asks for between two looks at a run, and what a look asks for. */
async function work(journal: Journal, run: number): Promise<void> {
  const [claim, other] = (await claimAll(journal, { limit: 2 })).map(claimOf);
  await journal.renew("worker", epochMs + 120_000);
  await journal.beginAttempt(claim!, intent({ limits: { ...noLimits, maxFilesInProcessing: 1 } }));
  await journal.advance([step(claim!, "running", { attempt: { outcome: "accepted" } })]);
  const outcome = { counts: counts({ succeeded: 10 }) };
  await journal.advance([step(claim!, "done", { outcome, flow: { rateFactor: 0.5 } })]);
  await journal.release("worker", [other!]);
  await journal.release("worker");
  await journal.nextDueMs({ states: openChunkStates });
  await journal.settleRun(run, epochMs);
  await journal.progress(run);
  await journal.listChunks({ run, states: ["done"], limit: 1 });
}

describe("Statements of a SQLite journal", () => {
  let connection: DatabaseSync;
  let database: ListeningDatabase;
  let journal: SqliteJournal;

  beforeEach(async () => {
    connection = new DatabaseSync(":memory:");
    database = new ListeningDatabase(connection, { journal: "sqlite::memory:", lockTimeoutMs: 0 });
    await migrate(database);
    journal = new SqliteJournal(database);
  });

  afterEach(() => journal.close());

  /** What of the plans of all statements so far reads whatever there is. */
  function wholeReads(): string[] {
    return [...database.statements].flatMap((sql) => {
      if (!/^\s*(select|insert|update|delete|with)\b/i.test(sql)) return [];
      const plan = connection.prepare(`explain query plan ${sql}`).all() as { detail: string }[];
      const reads = plan.filter(({ detail }) => readsAll.test(detail));
      return reads.map(({ detail }) => `${detail}: ${sql}`);
    });
  }

  it("read no more for a worker, or for a look at a run, where it has more chunks", async () => {
    const { key } = await planRun(journal, { count: 3 });
    database.statements.clear();
    await work(journal, key);
    expect(database.statements.size).to.be.greaterThan(15);
    expect(wholeReads()).to.deep.equal([]);
  });
});
