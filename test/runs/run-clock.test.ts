import { getEventListeners } from "node:events";
import { expect } from "chai";
import { pause, wallClock } from "../../src/runs/run-clock.ts";
import { rejection } from "../fixtures/rejection.ts";

describe("a pause", () => {
  it("tells whether the time passed, and leaves nothing on signals that live on", async () => {
    const [lasting, other] = [new AbortController(), new AbortController()];
    for (let round = 0; round < 100; round++) {
      expect(await pause(wallClock, 0, lasting.signal, other.signal)).to.equal(true);
    }
    const cut = pause(wallClock, 60_000, lasting.signal, other.signal);
    expect(getEventListeners(lasting.signal, "abort")).to.have.length(1);
    other.abort();
    expect(await cut).to.equal(false);
    expect(getEventListeners(lasting.signal, "abort")).to.be.empty;
  });

  it("is none where a signal has aborted before", async () => {
    expect(await pause(wallClock, 60_000, AbortSignal.abort())).to.equal(false);
  });

  it("rejects where the clock does", async () => {
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error("no time")) };
    expect(await rejection(pause(clock, 1))).to.have.property("message", "no time");
  });
});
