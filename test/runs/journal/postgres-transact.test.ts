import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { JournalTransaction } from "../../../src/runs/journal/postgres/journal-transaction.ts";
import type { PostgresJournal } from "../../../src/runs/journal/postgres/postgres-journal.ts";
import { startCommitProxy, type CommitFault } from "../../fixtures/commit-proxy.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { claimOne, counts, epochMs, planRun, step } from "./planned-run.ts";

describe("transactions of a PostgreSQL journal that others write in", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let proxy: Awaited<ReturnType<typeof startCommitProxy>>;
  let journal: PostgresJournal;

  beforeEach(async () => {
    database = await createDatabase();
    proxy = await startCommitProxy(database.server.port);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    journal = await openPostgresJournal({ url: url.href });
    await planRun(journal);
    await runSql(database.url, "create table theirs (value int)");
  });

  afterEach(async () => {
    await journal.close();
    await proxy.close();
    await database.drop();
  });

  const insert = (transaction: JournalTransaction) =>
    transaction.query("insert into theirs values ($1)", [1]);

  async function theirs(): Promise<number> {
    return (await runSql(database.url, "select value from theirs")).length;
  }

  async function stateOf(run: number): Promise<string | undefined> {
    return (await journal.readChunk({ run, number: 0 }))?.chunk.state;
  }

  const end = { outcome: { counts: counts({ succeeded: 10 }) } };

  it("are kept with the step that is written in them, or not at all", async () => {
    const claim = await claimOne(journal);
    const failure = new Error("not that way");
    const failed = journal.transact(async (transaction) => {
      await insert(transaction);
      expect(await transaction.advance(step(claim, "done", end))).to.equal(true);
      throw failure;
    });
    expect(await rejection(failed)).to.equal(failure);
    expect([await theirs(), await stateOf(claim.run)]).to.deep.equal([0, "planned"]);
    await journal.transact(async (transaction) => {
      await Promise.all([insert(transaction), insert(transaction)]);
      await transaction.advance(step(claim, "done", end));
    });
    expect([await theirs(), await stateOf(claim.run)]).to.deep.equal([2, "done"]);
  });

  it("tell that the claim of a step was lost, and that records were handed on before", async () => {
    const claim = await claimOne(journal);
    const lost = { ...claim, fence: claim.fence + 1 };
    const chunk = { run: claim.run, number: 0 };
    await journal.transact(async (transaction) => {
      expect(await transaction.advance(step(lost, "done", end))).to.equal(false);
      await transaction.advance(step(claim, "done", { ...end, undeliveredMs: epochMs }));
      expect(await transaction.setDelivered(chunk)).to.equal(true);
      expect(await transaction.setDelivered(chunk)).to.equal(false);
    });
    expect((await journal.readChunk(chunk))?.chunk).to.not.have.property("undeliveredMs");
  });

  it("are found out about where their commit is cut, and never made twice", async () => {
    let calls = 0;
    const write = (fault: CommitFault) => {
      proxy.faults.push(fault);
      return journal.transact(async (transaction) => {
        calls++;
        await insert(transaction);
      });
    };
    await write("after");
    expect([calls, await theirs()]).to.deep.equal([1, 1]);
    expect(await rejection(write("before"))).to.be.instanceOf(Error);
    expect([calls, await theirs()]).to.deep.equal([2, 1]);
  });

  it("stay open while nothing is written in them for long", async () => {
    await journal.transact(async (transaction) => {
      await transaction.query("set local idle_in_transaction_session_timeout = 1500");
      await sleep(2000);
      await insert(transaction);
    });
    expect(await theirs()).to.equal(1);
  }).timeout(10_000);
});
