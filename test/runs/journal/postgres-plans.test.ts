import { expect } from "chai";
import { openChunkStates } from "../../../src/runs/journal/journal.ts";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../../../src/runs/journal/postgres/postgres-journal.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
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

describe("Statements of a PostgreSQL journal whose rows were never counted", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;

  before(async () => {
    database = await createDatabase();
  });

  after(() => database.drop());

  /** Opens the journal for so long: with the end of a connection the server knows what it has read. */
  async function during(act: (journal: PostgresJournal) => Promise<void>): Promise<void> {
    const journal = await openPostgresJournal({ url: database.url });
    try {
      await act(journal);
    } finally {
      await journal.close();
    }
  }

  /** How often all rows of a table were read. */
  async function scansOf(...tables: readonly string[]): Promise<unknown> {
    const names = tables.map((name) => `'${name}'`).join();
    return runSql(
      database.url,
      `select pg_stat_force_next_flush();
       select relname, seq_scan from pg_stat_user_tables
       where schemaname = 'vision_batch' and relname in (${names}) order by relname`,
    );
  }

  /** Chunks beyond those that a plan can have quickly, of a run that nobody works on and of one that runs. */
  const manyChunks = `
    insert into vision_batch.chunk
      (run, number, kind, size, first, last, round, digest, state, due_ms, worker)
    select run, number, 'image', 10, 0, 9, 0, 'd',
      case when number < 9000 then 'done' else 'planned' end,
      case when number < 9000 then null else ${epochMs} end, null
    from generate_series(1, 2) as run, generate_series(10, 10000) as number`;

  /** All that a worker asks for between two looks at a run, and what a look asks for. */
  async function work(journal: PostgresJournal): Promise<void> {
    const [claim, other] = (await claimAll(journal, { limit: 2 })).map(claimOf);
    const { run, number } = claim!;
    await claimAll(journal, { chunks: [{ run, number: number + 5 }], worker: "other" });
    await journal.renew("worker", epochMs + 120_000);
    const limits = { ...noLimits, maxFilesInProcessing: 1 };
    await journal.beginAttempt(claim!, intent({ limits }));
    await journal.advance([step(claim!, "running", { attempt: { outcome: "accepted" } })]);
    const outcome = { counts: counts({ succeeded: 10 }) };
    const flow = { rateFactor: 0.5 };
    await journal.advance([step(claim!, "done", { outcome, flow, undeliveredMs: epochMs })]);
    await journal.release("worker", [other!]);
    await journal.release("worker");
    await journal.nextDueMs({ states: openChunkStates });
    await journal.nextDueMs({ states: openChunkStates, runs: [run] });
    await journal.settleRun(run, epochMs);
    await journal.progress(run);
    await journal.listChunks({ run, states: ["done"], limit: 1 });
    await journal.readChunk({ run, number });
    await journal.survey({ nowMs: epochMs, limit: 10, planned: 4, unknownHoldMs: 1000 });
    const againMs = epochMs + 1000;
    expect(await journal.takeUndelivered({ nowMs: epochMs, againMs, limit: 9 })).to.have.length(1);
    await journal.setDelivered({ run, number });
    expect(await journal.takeUndelivered({ nowMs: againMs, againMs, limit: 9 })).to.be.empty;
  }

  it("read no table of what grows with the runs as a whole", async () => {
    await during(async (journal) => {
      for (const table of ["chunk", "attempt", "event", "run"]) {
        const sql = `alter table vision_batch.${table} set (autovacuum_enabled = false)`;
        await runSql(database.url, sql);
      }
      await planRun(journal, { id: "first", count: 3 });
      await planRun(journal, { id: "second", count: 3 });
      await runSql(database.url, manyChunks);
    });
    const tables = ["attempt", "block", "chunk", "event", "outcome"];
    const before = await scansOf(...tables);
    await during(work);
    expect(await scansOf(...tables)).to.deep.equal(before);
  });
});
