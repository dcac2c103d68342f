import { expect } from "chai";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../../../src/runs/journal/postgres/postgres-journal.ts";
import { createDatabase } from "../../fixtures/postgres-server.ts";
import { claimOne, epochMs, planRun, step, submit } from "./planned-run.ts";

describe("survey of a PostgreSQL journal", () => {
  const minute = 60_000;
  const request = { nowMs: epochMs, limit: 10, planned: 4, unknownHoldMs: minute };
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let journal: PostgresJournal;

  beforeEach(async () => {
    database = await createDatabase();
    journal = await openPostgresJournal({ url: database.url });
  });

  afterEach(async () => {
    await journal.close();
    await database.drop();
  });

  it("tells the first planned chunks of each run that runs, and nothing of what is not due", async () => {
    const a = await planRun(journal, { id: "a", count: 3, scope: "project" });
    const b = await planRun(journal, { id: "b", count: 1 });
    const c = await planRun(journal, { id: "c", count: 1 });
    await journal.changeRun(c.key, { from: ["running"], to: "paused", nowMs: epochMs });
    const { planned, due, loads } = await journal.survey(request);
    const of = planned.map(({ run, number, scope, size }) => [run, number, scope, size]);
    expect(of).to.deep.equal([
      [a.key, 0, "project", 10],
      [a.key, 1, "project", 10],
      [b.key, 0, "", 10],
    ]);
    expect([due, loads]).to.deep.equal([[], []]);
    expect((await journal.survey({ ...request, nowMs: epochMs - 1 })).planned).to.be.empty;
    const one = await journal.survey({ ...request, planned: 1 });
    expect(one.planned.map(({ run }) => run)).to.deep.equal([a.key, b.key]);
  });

  it("tells what was left, once its lease is over, and counts what is in processing or about to be", async () => {
    const { key: run } = await planRun(journal, { count: 3 });
    const first = await claimOne(journal);
    await submit(journal, first);
    const second = await claimOne(journal);
    const before = await journal.survey(request);
    expect(before.due).to.be.empty;
    expect(before.planned.map(({ number }) => number)).to.deep.equal([2]);
    expect(before.loads).to.deep.equal([{ run, scope: "", kind: "image", inputs: 20 }]);
    const after = await journal.survey({ ...request, nowMs: epochMs + 2 * minute });
    const { fence } = first;
    expect(after.due).to.deep.equal([
      { run, number: 0, state: "running", fence, dueMs: epochMs + 1000 },
    ]);
    expect(after.planned.map(({ number }) => number)).to.deep.equal([1, 2]);
    expect(after.loads).to.deep.equal([{ run, scope: "", kind: "image", inputs: 10 }]);
    await journal.release("worker", [second]);
  });

  it("counts a submit of unknown fate as in processing for as long as its run says", async () => {
    const { key } = await planRun(journal);
    const claim = await claimOne(journal);
    await submit(journal, claim);
    await journal.advance([step(claim, "unknown", { release: true })]);
    const inputsAt = async (ms: number): Promise<number | undefined> =>
      (await journal.survey({ ...request, nowMs: epochMs + ms })).loads[0]?.inputs;
    expect(await inputsAt(minute - 1)).to.equal(10);
    expect(await inputsAt(minute + 1)).to.equal(undefined);
    const settings = { quarantineMs: 100 };
    const change = { from: ["running"], to: "running", nowMs: epochMs, settings } as const;
    await journal.changeRun(key, change);
    expect(await inputsAt(99)).to.equal(10);
    expect(await inputsAt(101)).to.equal(undefined);
  });

  it("tells runs that are to be settled, and what a cancel has left to be ended", async () => {
    const empty = await planRun(journal, { id: "empty", count: 0 });
    const { key } = await planRun(journal, { count: 2 });
    const claim = await claimOne(journal);
    await submit(journal, claim);
    await journal.advance([step(claim, "planned", { release: true })]);
    await journal.cancelRun(key, epochMs);
    const { due, planned, ended } = await journal.survey(request);
    expect(due).to.deep.equal([
      { run: key, number: 0, state: "planned", fence: claim.fence, dueMs: epochMs },
    ]);
    expect(planned).to.be.empty;
    expect(ended).to.deep.equal([empty.key]);
  });
});
