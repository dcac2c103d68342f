import { expect } from "chai";
import { OperationHandle } from "../../src/operations/index.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { rejection } from "../fixtures/rejection.ts";
import { callError, TimedOperations, type SeenCall } from "../fixtures/timed-operations.ts";

const minuteMs = 60_000;
const origin = { kind: "asyncBatchAnnotateImages", size: 2000, outputs: [] };

function perMinute(calls: readonly SeenCall[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { at } of calls) {
    const minute = Math.floor(at / minuteMs);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe("many operations of one client", () => {
  it("are read within the budget, each in its turn", async () => {
    const clock = new FakeClock();
    const server = new TimedOperations({ clock, pollsPerMinute: 120 });
    const handles = [];
    for (let index = 0; index < 300; index += 1) {
      handles.push(await server.start(`operations/${index}`, 20 * minuteMs));
    }
    const waits = handles.map((handle) => handle.wait());
    await clock.advance(15 * minuteMs);
    expect(Math.max(...perMinute(server.calls))).to.be.at.most(120);
    // The first is read more often than the others.
    const [, ...others] = handles;
    const reads = others.map((handle) => server.readsOf(handle.name).length);
    expect(Math.max(...reads) - Math.min(...reads)).to.be.at.most(2);
    await clock.advance(15 * minuteMs);
    await Promise.all(waits);
    expect(clock.pending).to.equal(0);
  });

  it("slow down together when the service is exhausted, and all come to their ends", async () => {
    const clock = new FakeClock();
    const quota = 60;
    const recent: number[] = [];
    let refused = 0;
    const server = new TimedOperations({
      clock,
      interfere: () => {
        while ((recent[0] ?? Infinity) <= clock.now() - minuteMs) recent.shift();
        if (recent.length >= quota) {
          refused += 1;
          throw callError("RESOURCE_EXHAUSTED", "7s");
        }
        recent.push(clock.now());
      },
    });
    const handles = [];
    for (let index = 0; index < 200; index += 1) {
      handles.push(await server.start(`operations/${index}`, 30 * minuteMs));
    }
    const waits = handles.map((handle) => handle.wait());
    await clock.advance(29 * minuteMs);
    // 200 operations would be read 267 times a minute.
    expect(refused / server.calls.length).to.be.below(0.15);
    expect(server.calls.length - refused).to.be.above(0.5 * quota * 29);
    await clock.advance(30 * minuteMs);
    await Promise.all(waits);
  });

  it("learn from each other when to read", async () => {
    const clock = new FakeClock();
    const server = new TimedOperations({ clock });
    const teachers = [];
    for (let index = 0; index < 40; index += 1) {
      const durationMs = (18 + index / 10) * minuteMs;
      teachers.push(await server.start(`operations/${index}`, durationMs, origin));
    }
    const taught = teachers.map((handle) => handle.wait());
    await clock.advance(25 * minuteMs);
    await Promise.all(taught);
    const pupil = await server.start("operations/pupil", 20 * minuteMs, origin);
    const waiting = pupil.wait();
    await clock.advance(22 * minuteMs);
    await waiting;
    const reads = server.readsOf(pupil.name);
    expect(reads.filter((ageMs) => ageMs < 15 * minuteMs)).to.have.length.below(5);
    expect(reads.length).to.be.below(15);
    expect((reads.at(-1) ?? 0) - 20 * minuteMs).to.be.below(minuteMs / 2);
    const stranger = await server.start("operations/stranger", 15_000, { ...origin, size: 1 });
    const found = stranger.wait();
    await clock.advance(20_000);
    await found;
    expect(server.readsOf(stranger.name)).to.deep.equal([20_000]);
  });

  it("that are opened by name teach and learn by the time that the service says they began", async () => {
    const clock = new FakeClock();
    const server = new TimedOperations({ clock });
    await clock.advance(100 * minuteMs);
    const now = clock.now();
    const teachers = Array.from({ length: 30 }, (_, index) => {
      const name = `operations/${index}`;
      server.place(name, now - 60 * minuteMs, now - (35 + index / 3) * minuteMs);
      return new OperationHandle(name, server.runtime, { origin }).wait();
    });
    await clock.advance(10_000);
    await Promise.all(teachers);
    server.place("operations/x", now - 5 * minuteMs, now + 13 * minuteMs);
    const handle = new OperationHandle("operations/x", server.runtime, { origin });
    const waiting = handle.wait();
    await clock.advance(20 * minuteMs);
    await waiting;
    const [first, second = 0] = server.readsOf(handle.name);
    expect(first).to.equal(5 * minuteMs + 10_000);
    expect(second).to.be.within(9 * minuteMs, 20 * minuteMs);
  });

  it("are all told at once that the client is closed, whatever the budget", async () => {
    const clock = new FakeClock();
    const closing = new AbortController();
    const interfere = () => {
      if (closing.signal.aborted) throw callError("FAILED_PRECONDITION");
    };
    const options = { clock, interfere, closed: closing.signal, pollsPerMinute: 6 };
    const server = new TimedOperations(options);
    const errors = [];
    for (let index = 0; index < 100; index += 1) {
      const handle = await server.start(`operations/${index}`, 20 * minuteMs);
      errors.push(rejection(handle.wait()));
    }
    await clock.advance(minuteMs);
    closing.abort();
    for (const error of await Promise.all(errors)) {
      expect(error).to.include({ code: "FAILED_PRECONDITION" });
    }
    expect(clock.now()).to.equal(minuteMs);
    expect(clock.pending).to.equal(0);
  });

  it("that somebody cancels teach nothing", async () => {
    const clock = new FakeClock();
    const server = new TimedOperations({ clock });
    const handle = await server.start("operations/x", minuteMs, origin);
    const { api } = server.runtime;
    const get: typeof api.get = async (name, options) => ({
      ...(await api.get(name, options)),
      done: true,
      error: { code: 1, message: "cancelled", details: [] },
    });
    const runtime = { ...server.runtime, api: { ...api, get } };
    const cancelled = new OperationHandle(handle.name, runtime, { origin });
    await cancelled.wait().catch(() => undefined);
    expect(server.runtime.durations.nextReadAgeMs(origin, 0)).to.equal(undefined);
  });

  it("are read on over a network that swallows everything for ten minutes", async () => {
    const clock = new FakeClock();
    const isCut = () => clock.now() >= 30 * minuteMs && clock.now() < 40 * minuteMs;
    let lost = 0;
    const server = new TimedOperations({
      clock,
      interfere: async (_call, signal) => {
        if (!isCut()) return;
        lost += 1;
        // As the transport does for a read that is not answered.
        await clock.sleep(20_000, signal);
        throw callError("DEADLINE_EXCEEDED");
      },
    });
    const handles = [];
    for (let index = 0; index < 20; index += 1) {
      handles.push(await server.start(`operations/${index}`, 35 * minuteMs));
    }
    let lagMs = 0;
    const waits = handles.map(async (handle) => {
      await handle.wait();
      lagMs = Math.max(lagMs, clock.now() - 40 * minuteMs);
    });
    await clock.advance(45 * minuteMs);
    await Promise.all(waits);
    expect(lagMs).to.be.within(0, 65_000);
    expect(lost).to.be.within(20 * 8, 20 * 20);
    expect(clock.pending).to.equal(0);
  });
});
