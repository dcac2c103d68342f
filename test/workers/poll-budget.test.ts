import { expect } from "chai";
import { PollBudget } from "../../src/workers/poll-budget.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { recordingLogger } from "../fixtures/recording-logger.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("PollBudget", () => {
  const never = new AbortController().signal;

  /** Budgets of workers that share a journal. */
  function budgets(count: number, perMinute = 600) {
    const clock = new FakeClock();
    const load = { running: 0, heldUntilMs: 0 };
    const state = { load, reads: 0 };
    const journal = {
      readPollLoad: () => {
        state.reads++;
        return Promise.resolve({ ...load });
      },
      holdPolls: (untilMs: number) => {
        load.heldUntilMs = Math.max(load.heldUntilMs, untilMs);
        return Promise.resolve();
      },
    };
    const { logger, entries } = recordingLogger();
    const parts = { journal, clock, logger, perMinute: () => perMinute };
    const all = Array.from({ length: count }, () => new PollBudget(parts));
    return { ...{ clock, state, entries }, first: all[0]!, second: all[1]! };
  }

  it("lets each operation be read less often the more there are, of all workers together", async () => {
    const { first, second, state, clock } = budgets(2);
    state.load.running = 100;
    expect(await first.enter(never)).to.equal(true);
    expect(first.stretch(20_000)).to.equal(20_000);
    state.load.running = 1000;
    await second.enter(never);
    expect(second.stretch(20_000)).to.equal(100_000);
    await clock.advance(5000);
    await first.enter(never);
    expect(first.stretch(20_000)).to.equal(100_000);
    expect(first.stretch(200_000)).to.equal(200_000);
  });

  it("asks how many there are now and then only", async () => {
    const { first, state, clock } = budgets(1);
    await Promise.all([first.enter(never), first.enter(never)]);
    await clock.advance(4999);
    await first.enter(never);
    expect(state.reads).to.equal(1);
    await clock.advance(1);
    await first.enter(never);
    expect(state.reads).to.equal(2);
  });

  it("holds the reads of all workers after one was too many", async () => {
    const { first, second, clock, entries } = budgets(2);
    await second.enter(never);
    first.exhausted(0);
    first.exhausted(0);
    expect(entries).to.have.length(1);
    await clock.advance(5000);
    let entered = 0;
    for (const each of [first, second]) {
      void each.enter(never).then(() => entered++);
    }
    await clock.advance(9999);
    expect(entered).to.equal(0);
    await clock.advance(1);
    expect(entered).to.equal(2);
    expect(clock.pending).to.equal(0);
  });

  it("waits as long as the service asks for, and not for a worker that ends", async () => {
    const { first, clock } = budgets(1);
    first.exhausted(60_000);
    const ending = new AbortController();
    const left = first.enter(ending.signal);
    let hasEntered = false;
    void first.enter(never).then(() => (hasEntered = true));
    await clock.advance(59_999);
    ending.abort();
    expect(await left).to.equal(false);
    expect(hasEntered).to.equal(false);
    await clock.advance(1);
    expect(hasEntered).to.equal(true);
  });
});

describe("reads of operations by workers", function () {
  this.timeout(25_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  it("are paused by all where one is answered RESOURCE_EXHAUSTED", async () => {
    fixture.admin.holdOperations(true);
    const status = { code: "RESOURCE_EXHAUSTED", message: "too many" } as const;
    const { logger, entries } = recordingLogger();
    await fixture.worker({ logger });
    const service = await fixture.service();
    const run = await service.start(request(40));
    await until(async () => (await run.snapshot()).chunks.running === 4);
    fixture.admin.setFaults([{ method: "GetOperation", nth: 1, status }]);
    await until(() => entries.some(([, fields]) => "heldMs" in fields));
    await fixture.worker({ logger });
    // What was under way at that moment comes to its end.
    await until(async () => (await run.snapshot()).workers.length === 0);
    const before = fixture.admin.calls("GetOperation");
    const since = performance.now();
    await until(() => performance.now() - since > 2000);
    expect(fixture.admin.calls("GetOperation")).to.equal(before);
    for await (const { chunk } of run.chunks()) expect(chunk.state).to.equal("running");
  });
});
