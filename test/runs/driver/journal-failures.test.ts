import { expect } from "chai";
import { JournalError, type JournalErrorReason } from "../../../src/index.ts";
import { openRunsOver, type RunsBase } from "../../../src/runs/open-runs.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { request, RunsFixture } from "../runs-fixture.ts";
import { FailingJournal } from "./failing-journal.ts";

describe("a run whose journal fails", () => {
  let fixture: RunsFixture;
  let inner: Journal;
  let failing: FailingJournal;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    inner = await openJournal("sqlite::memory:");
    failing = new FailingJournal(inner);
  });

  afterEach(async () => {
    await fixture.close();
    await inner.close();
  });

  function fail(method: string, reason: JournalErrorReason, times: number): JournalError {
    const error = new JournalError("scripted", { reason, journal: "sqlite:test.db" });
    failing.faults.set(method, { error, times });
    return error;
  }

  for (const method of ["claim", "beginAttempt", "readBlock", "nextDueMs", "settleRun"]) {
    it(`tells of a failed ${method}, and goes on when it is resumed`, async () => {
      const runs = await fixture.open({ journal: failing.journal });
      const error = fail(method, "full", 1);
      const run = await runs.start(request(30));
      expect(await rejection(run.wait())).to.equal(error);
      const resumed = await runs.resume(run.id);
      expect((await resumed.wait()).inputs.succeeded).to.equal(30);
      expect([...fixture.accepted().values()]).to.deep.equal([1, 1, 1]);
    });
  }

  it("keeps the name of an operation while there is no room to write it", async () => {
    const runs = await fixture.open({ journal: failing.journal });
    fail("advance", "full", 3);
    const run = await runs.start(request(10));
    expect((await run.wait()).inputs.succeeded).to.equal(10);
    const types: string[] = [];
    for await (const { type } of run.events({ chunk: 0 })) types.push(type);
    expect(types).to.deep.equal(["submitting", "accepted", "operationEnded", "ended"]);
  });

  it("tells those who read results and progress", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open({ journal: failing.journal });
    const run = await runs.start(request(30));
    const results = run.results().next();
    const waiting = run.wait();
    const error = fail("renew", "corrupt", 1);
    expect(await rejection(results)).to.equal(error);
    expect(await rejection(waiting)).to.equal(error);
  });

  it("finds by its output what was accepted when nothing could be written any more", async () => {
    const runs = await fixture.open({ journal: failing.journal });
    const error = fail("advance", "readOnly", 1);
    const run = await runs.start(request(10));
    expect(await rejection(run.wait())).to.equal(error);
    expect((await (await runs.resume(run.id)).wait()).inputs.succeeded).to.equal(10);
    expect([...fixture.accepted().values()]).to.deep.equal([1]);
  });

  it("gives back what it claimed before the journal failed, before it goes on", async () => {
    const runs = await fixture.open({ journal: failing.journal });
    const error = fail("beginAttempt", "full", 1);
    fail("release", "full", 3);
    const run = await runs.start(request(30));
    expect(await rejection(run.wait())).to.equal(error);
    failing.faults.clear();
    const resumed = await runs.resume(run.id);
    expect((await resumed.wait()).inputs.succeeded).to.equal(30);
    const types: string[] = [];
    for await (const { type } of run.events()) types.push(type);
    expect(types, "no lease had to end").not.to.include("takenOver");
  });

  it("stops no other run where one is removed while its inputs are read", async () => {
    const readBlock = inner.readBlock.bind(inner);
    inner.readBlock = async (chunk) => {
      if (chunk.run === (await inner.findRun("removed"))?.key) await inner.removeRun(chunk.run);
      return readBlock(chunk);
    };
    const runs = await fixture.open({ journal: failing.journal });
    await runs.start(request(10, { id: "removed" }));
    const other = await runs.start(request(10, { id: "other" }));
    expect((await other.wait()).inputs.succeeded).to.equal(10);
    expect(await runs.get("removed")).to.equal(undefined);
  });

  it("lets go of everything when it is closed and its claims cannot be given back", async () => {
    const error = fail("release", "full", 1);
    let isLetGo = false;
    const onClose = (): Promise<void> => {
      isLetGo = true;
      return Promise.resolve();
    };
    const base = { service: {} as RunsBase["service"], store: {} as RunsBase["store"] };
    const runs = await openRunsOver({ ...base, onClose }, { journal: failing.journal });
    expect(await rejection(runs.close())).to.equal(error);
    expect(isLetGo).to.equal(true);
  });
});
