import { expect } from "chai";
import { InvalidRequestError, SubmitError, type Code } from "../../../src/errors/index.ts";
import type { DriverParts } from "../../../src/runs/driver/driver-parts.ts";
import { HeldChunk } from "../../../src/runs/driver/held-chunk.ts";
import { Outage } from "../../../src/runs/driver/outage.ts";
import { toRunContext } from "../../../src/runs/driver/run-context.ts";
import type { PreparedSubmit, SendOptions } from "../../../src/runs/driver/run-service.ts";
import { sendRequest } from "../../../src/runs/driver/send-request.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { silentLogger } from "../../../src/transport/index.ts";
import { claimAll, epochMs, planRun } from "../journal/planned-run.ts";

const leaseMs = 60_000;

describe("a request that is about to be sent", () => {
  let nowMs: number;
  let held: HeldChunk;
  let parts: DriverParts;
  let closing: AbortController;
  /** What the service has got. */
  let arrived: number;

  beforeEach(async () => {
    await using journal = await openJournal("sqlite::memory:");
    const run = await planRun(journal);
    const [claimed] = await claimAll(journal);
    nowMs = epochMs;
    arrived = 0;
    const leaseUntilMs = epochMs + leaseMs;
    held = new HeldChunk(claimed!, { worker: "worker", leaseUntilMs, context: toRunContext(run) });
    closing = new AbortController();
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    const outage = new Outage({ clock, logger: silentLogger });
    parts = { clock, outage, hurry: closing.signal } as object as DriverParts;
  });

  /** A request that something happens to on its way, as late as it can be looked at. */
  function onItsWay(happens: () => void): PreparedSubmit {
    return {
      ready: () => Promise.resolve(),
      send: ({ mayLeave }: SendOptions = {}) => {
        happens();
        if (mayLeave?.() === false) return Promise.reject(refused("rejected", "CANCELLED"));
        arrived++;
        return Promise.reject(refused("unknown", "UNAVAILABLE"));
      },
    };
  }

  function refused(outcome: "rejected" | "unknown", code: Code) {
    const fields = { code, message: "", details: [], method: "method", outcome };
    return new SubmitError(code, fields);
  }

  it("leaves while the claim holds", async () => {
    const prepared = onItsWay(() => (nowMs += leaseMs - 1));
    expect(await sendRequest(held, prepared, parts)).to.include({ outcome: "unknown" });
    expect(arrived).to.equal(1);
  });

  it("does not leave where the lease has passed before", async () => {
    nowMs += leaseMs;
    const told = await sendRequest(held, onItsWay(Boolean), parts);
    expect(told).to.include({ type: "submitFailed", outcome: "unsent" });
    expect(arrived).to.equal(0);
  });

  it("does not leave where the lease passes while its connection is waited for", async () => {
    const prepared = onItsWay(() => (nowMs += leaseMs));
    expect(await sendRequest(held, prepared, parts)).to.include({ outcome: "unsent" });
    expect(arrived).to.equal(0);
    expect(parts.outage.error, "the service was reached").to.equal(undefined);
  });

  it("does not leave where the claim is lost while its connection is waited for", async () => {
    const prepared = onItsWay(() => {
      held.lose();
    });
    expect(await sendRequest(held, prepared, parts)).to.include({ outcome: "unsent" });
    expect(arrived).to.equal(0);
  });

  it("is one that never left, and no outage, where it is aborted before", async () => {
    const prepared = onItsWay(() => {
      closing.abort(new Error("closed"));
      throw closing.signal.reason as Error;
    });
    expect(await sendRequest(held, prepared, parts)).to.include({ outcome: "unsent" });
    expect(parts.outage.error).to.equal(undefined);
  });

  it("ends an outage where the service answers, and not where nothing but this client has looked at it", async () => {
    const failing = (error: Error): PreparedSubmit => ({
      ...{ ready: () => Promise.resolve(), send: () => Promise.reject(error) },
    });
    parts.outage.failed(new Error("no connection"));
    const wrong = new InvalidRequestError("the request", []);
    expect(await sendRequest(held, failing(wrong), parts)).to.include({ outcome: "rejected" });
    expect(parts.outage.error).not.to.equal(undefined);
    const busy = refused("rejected", "RESOURCE_EXHAUSTED");
    expect(await sendRequest(held, failing(busy), parts)).to.include({ outcome: "rejected" });
    expect(parts.outage.error).to.equal(undefined);
  });
});
