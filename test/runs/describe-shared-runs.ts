import { expect } from "chai";
import type { Run, Runs, RunsOptions } from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import { openJournal } from "../../src/runs/journal/open-journal.ts";
import type { RunClock } from "../../src/runs/run-clock.ts";
import { expectFiveAtATime } from "./expect-five-at-a-time.ts";
import { fastClock } from "./fast-clock.ts";
import { request, RunsFixture } from "./runs-fixture.ts";

/** A journal that several processes may open by its URL, removed afterwards. */
export interface SharedJournal {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

/** What drivers that share a journal must keep, whatever it is in; `make` is called before each test. */
export function describeSharedRuns(make: () => Promise<SharedJournal>): void {
  let fixture: RunsFixture;
  let journal: SharedJournal;
  let clock: RunClock;

  beforeEach(async () => {
    clock = fastClock(100);
    journal = await make();
    fixture = await RunsFixture.start();
  });

  afterEach(async () => {
    await fixture.close();
    await journal.remove();
  });

  const open = (options: Partial<RunsOptions> = {}): Promise<Runs> =>
    fixture.open({ journal: journal.url, clock, ...options });

  const indexes = async (run: Run): Promise<number[]> => {
    const found: number[] = [];
    for await (const { index } of run.results()) found.push(index);
    return found.sort((a, b) => a - b);
  };

  function expectOnceEach(chunks: number): void {
    const accepted = [...fixture.accepted().values()];
    expect(accepted).to.deep.equal(Array(chunks).fill(1));
  }

  it("work on one run, and send each chunk once", async () => {
    const [one, other] = [await open({ maxChunks: 4 }), await open({ maxChunks: 4 })];
    const run = await one.start(request(400));
    await other.resume(run.id);
    expect(await indexes(run)).to.deep.equal([...Array(400).keys()]);
    expect((await run.wait()).inputs.succeeded).to.equal(400);
    expectOnceEach(40);
    const workers = new Set<string | undefined>();
    for await (const { type, worker } of run.events()) {
      if (type === "ended") workers.add(worker);
    }
    expect(workers, "one of them had nothing to do").to.have.property("size", 2);
  });

  it("stay together within the limits", async () => {
    fixture.admin.holdOperations(true);
    const [one, other] = [await open(), await open()];
    const limits = { maxImagesInProcessing: 50 };
    const run = await one.start(request(150, { limits }));
    await other.resume(run.id);
    await expectFiveAtATime(run, fixture.admin);
    expectOnceEach(15);
  });

  it("take over what another has left once its lease is over, and not before", async () => {
    fixture.admin.holdOperations(true);
    const first = await open();
    const run = await first.start(request(30));
    await until(async () => (await run.snapshot()).chunks.running === 3);
    await first.close();
    const leaseMs = 60_000;
    const leaseEndMs = await claimAndVanish(leaseMs);
    const taken = await (await open()).resume(run.id);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    expect((await taken.wait()).inputs.succeeded).to.equal(30);
    expectOnceEach(3);
    const takenMs: number[] = [];
    for await (const { type, atMs, data } of taken.events()) {
      if (type !== "takenOver") continue;
      expect(data).to.deep.equal({ from: "gone" });
      takenMs.push(atMs);
    }
    expect(takenMs).to.have.length(3);
    expect(Math.min(...takenMs)).to.be.at.least(leaseEndMs);
  });

  it("are paused, resumed and cancelled by one another", async () => {
    fixture.admin.holdOperations(true);
    const [working, other] = [await open({ leaseMs: 30_000 }), await open()];
    const run = await working.start(request(60, { limits: { maxImagesInProcessing: 20 } }));
    await until(() => fixture.admin.submits().length === 2);
    await other.pause(run.id);
    const [first] = fixture.admin.operations();
    await until(() => fixture.admin.releaseOperation(first?.name));
    await until(async () => (await run.snapshot()).chunks.done === 1);
    expect((await run.snapshot()).state).to.equal("paused");
    expect(fixture.admin.submits()).to.have.length(2);
    await other.resume(run.id);
    await until(() => fixture.admin.submits().length === 3);
    const over = await (await other.cancel(run.id)).wait();
    expect(over).to.include({ state: "cancelled" });
    expect(over.inputs).to.include({ succeeded: 10, missing: 20, notSubmitted: 30, open: 0 });
    expect(await indexes(run)).to.have.length(60);
  });

  /** Claims all chunks as a worker that is never heard of again; tells when its lease is over. */
  async function claimAndVanish(leaseMs: number): Promise<number> {
    await using gone = await openJournal(journal.url);
    const nowMs = clock.now();
    const states = ["running"] as const;
    const claimed = await gone.claim({
      ...{ worker: "gone", states, limit: 100, nowMs: nowMs + 1e9, leaseUntilMs: nowMs + leaseMs },
    });
    expect(claimed).to.have.length(3);
    return claimed[0]?.chunk.leaseUntilMs ?? 0;
  }
}
