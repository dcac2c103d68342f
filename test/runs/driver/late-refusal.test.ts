import { expect } from "chai";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import type { RunClock } from "../../../src/runs/run-clock.ts";
import { fastClock } from "../fast-clock.ts";
import { request, RunsFixture } from "../runs-fixture.ts";

const leaseMs = 300_000;

describe("a worker that is stopped for longer than its lease before it sends", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  /** A journal whose worker is stopped after its first intent; meanwhile another takes the chunk over. */
  function stopped(inner: Journal, takeOver: () => Promise<void>): Journal {
    let isFirst = true;
    const beginAttempt: Journal["beginAttempt"] = async (...args) => {
      const gate = await inner.beginAttempt(...args);
      if (gate.gate === "begun" && isFirst) {
        isFirst = false;
        await takeOver();
      }
      return gate;
    };
    return new Proxy(inner, {
      get: (target, name) => {
        if (name === "beginAttempt") return beginAttempt;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });
  }

  it("tells that nothing was sent, so that the chunk need not be looked for for a day", async () => {
    await using inner = await openJournal(fixture.journal);
    const base = fastClock(100);
    let sleptMs = 0;
    const clock: RunClock = {
      now: () => base.now() + sleptMs,
      sleep: (ms, signal) => base.sleep(ms, signal),
    };
    const journal = stopped(inner, async () => {
      sleptMs = leaseMs;
      const other = "another worker";
      const nowMs = clock.now();
      const lease = { worker: other, nowMs, leaseUntilMs: nowMs + leaseMs, limit: 1 };
      const [taken] = await inner.claim({ ...lease, states: ["submitting"] });
      const { run, number, fence, memo } = taken!.chunk;
      const progress = { state: "unknown", dueMs: nowMs + 86_400_000, polls: 0, memo } as const;
      const claim = { run, number, fence, worker: other };
      const attempt = { outcome: "unknown" } as const;
      await inner.advance([{ claim, progress, attempt, events: [], release: true, nowMs }]);
    });
    await using runs = await fixture.open({ journal, clock, leaseMs });
    const run = await runs.start(request(10));
    const done = await run.wait();
    expect(done.inputs).to.include({ succeeded: 10 });
    expect(done.submits).to.include({ accepted: 1, rejected: 1, unknown: 0 });
    expect([...fixture.accepted().values()]).to.deep.equal([1]);
  });
});
