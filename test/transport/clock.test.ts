import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { systemClock } from "../../src/transport/index.ts";
import { rejection } from "../fixtures/rejection.ts";

describe("systemClock", () => {
  for (const ms of [2 ** 31, 2 ** 40, Infinity]) {
    it(`sleeps on where a pause of ${ms} ms is longer than a timer of Node can be`, async () => {
      const controller = new AbortController();
      const slept = systemClock.sleep(ms, controller.signal).then(() => "woke");
      const sooner = delay(20, "sleeps");
      expect(await Promise.race([slept, sooner])).to.equal("sleeps");
      controller.abort(new Error("stop"));
      expect(await rejection(slept)).to.include({ message: "stop" });
      expect(getEventListeners(controller.signal, "abort")).to.have.length(0);
    });
  }

  it("rejects with the reason of a signal that has aborted", async () => {
    const reason = new Error("stop");
    expect(await rejection(systemClock.sleep(1, AbortSignal.abort(reason)))).to.equal(reason);
  });
});
