import { getEventListeners } from "node:events";
import { expect } from "chai";
import { PollTurns } from "../../src/operations/poll-turns.ts";
import { FakeClock, settle } from "../fixtures/fake-clock.ts";
import { rejection } from "../fixtures/rejection.ts";

const { signal } = new AbortController();

describe("PollTurns", () => {
  it("grants turns by due time with one timer", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 600);
    const granted: string[] = [];
    const take = async (name: string, dueAt: number) => {
      await turns.take(() => dueAt, signal);
      granted.push(`${name} at ${clock.now()}`);
    };
    const all = [take("late", 3000), take("early", 1000), take("middle", 2000), take("now", 0)];
    await settle();
    expect(clock.pending).to.equal(1);
    await clock.advance(5000);
    await Promise.all(all);
    expect(granted).to.deep.equal(["now at 0", "early at 1000", "middle at 2000", "late at 3000"]);
    expect(clock.pending).to.equal(0);
  });

  it("lets each of many have its turn before one has another, where the budget is short", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 60);
    const stop = new AbortController();
    const counts = new Map<number, number>();
    const spreads: number[] = [];
    const poll = async (operation: number) => {
      for (;;) {
        const dueAt = clock.now() + 10;
        await turns.take(() => dueAt, stop.signal);
        counts.set(operation, (counts.get(operation) ?? 0) + 1);
        const all = [...counts.values()];
        if (all.length === 40) spreads.push(Math.max(...all) - Math.min(...all));
      }
    };
    const polls = Array.from({ length: 40 }, (_, operation) => rejection(poll(operation)));
    await clock.advance(10 * 60_000);
    stop.abort(new Error("over"));
    await Promise.all(polls);
    expect(counts.size).to.equal(40);
    expect(Math.max(...spreads)).to.equal(1);
    expect(turns.waiting).to.equal(0);
  });

  it("leaves no timer, no turn and no listener when those who wait leave", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 600);
    const leaving = new AbortController();
    const [gone, also, staying] = [
      rejection(turns.take(() => 1000, leaving.signal)),
      rejection(turns.take(() => 500, leaving.signal)),
      turns.take(() => 2000, signal),
    ];
    leaving.abort(new Error("left"));
    expect(await gone).to.include({ message: "left" });
    expect(await also).to.include({ message: "left" });
    expect(getEventListeners(leaving.signal, "abort")).to.have.length(0);
    expect(turns.waiting).to.equal(1);
    await clock.advance(2000);
    await staying;
    expect(clock.pending).to.equal(0);
  });

  it("keeps nobody's turn for one who comes with an aborted signal", async () => {
    const turns = new PollTurns(new FakeClock(), 600);
    const error = await rejection(turns.take(() => 0, AbortSignal.abort(new Error("before"))));
    expect(error).to.include({ message: "before" });
    expect(turns.waiting).to.equal(0);
  });

  it("grants at once what becomes due as more is learned, and later what becomes due later", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 600);
    const granted: string[] = [];
    const dueAt = new Map(["a", "b", "c"].map((name) => [name, 10_000]));
    const all = [...dueAt.keys()].map(async (name) => {
      await turns.take(() => dueAt.get(name) ?? 0, signal);
      granted.push(`${name} at ${clock.now()}`);
    });
    await clock.advance(5000);
    dueAt.set("b", 1000).set("a", 20_000);
    turns.replan();
    await clock.advance(20_000);
    await Promise.all(all);
    expect(granted).to.deep.equal(["b at 5000", "c at 10000", "a at 20000"]);
  });

  it("lets nobody whose read is brought forward go before one who waits for the budget already", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 6);
    turns.spend();
    const granted: string[] = [];
    const dueAt = new Map([
      ["later", 60_000],
      ["waiting", 4000],
    ]);
    const all = [...dueAt.keys()].map(async (name) => {
      await turns.take(() => dueAt.get(name) ?? 0, signal);
      granted.push(name);
    });
    await clock.advance(5000);
    dueAt.set("later", 0);
    turns.replan();
    await clock.advance(60_000);
    await Promise.all(all);
    expect(granted).to.deep.equal(["waiting", "later"]);
  });

  it("counts reads out of turn, without making them wait", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 20);
    for (let read = 0; read < 5; read += 1) turns.spend();
    let granted = -1;
    const turn = turns.take(() => 0, signal).then(() => (granted = clock.now()));
    await clock.advance(20_000);
    await turn;
    expect(granted).to.be.within(15_000, 16_000);
  });

  it("makes everyone wait for what the service asked of one", async () => {
    const clock = new FakeClock();
    const turns = new PollTurns(clock, 600);
    const granted: number[] = [];
    turns.slow(turns.now(), 20_000);
    const all = [1000, 2000, 3000].map((dueAt) =>
      turns.take(() => dueAt, signal).then(() => granted.push(clock.now())),
    );
    await clock.advance(19_999);
    expect(granted).to.deep.equal([]);
    await clock.advance(60_000);
    await Promise.all(all);
    expect(granted).to.have.length(3);
  });

  it("tells those who wait when the clock cannot sleep", async () => {
    const broken = { now: () => 0, sleep: () => Promise.reject(new Error("no timers")) };
    const turns = new PollTurns(broken, 600);
    const waiting = [
      rejection(turns.take(() => 10, signal)),
      rejection(turns.take(() => 20, signal)),
    ];
    for (const error of await Promise.all(waiting)) {
      expect(error).to.include({ message: "no timers" });
    }
  });

  it("is not stopped by a clock that is set back while it sleeps", async () => {
    let now = 10_000_000;
    const clock = {
      now: () => now,
      sleep: async () => {
        now -= 3_600_000;
        await settle();
      },
    };
    const turns = new PollTurns(clock, 600);
    const start = turns.now();
    for (let turn = 1; turn <= 3; turn += 1) await turns.take(() => start + turn * 20_000, signal);
    expect(turns.now() - start).to.equal(60_000);
  });
});
