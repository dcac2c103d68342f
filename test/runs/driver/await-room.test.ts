import { expect } from "chai";
import { SubmitError } from "../../../src/errors/index.ts";
import { awaitRoom } from "../../../src/runs/driver/await-room.ts";
import type { DriverParts } from "../../../src/runs/driver/driver-parts.ts";
import { HeldChunk } from "../../../src/runs/driver/held-chunk.ts";
import { KeyedSlots } from "../../../src/runs/driver/keyed-slots.ts";
import { Outage } from "../../../src/runs/driver/outage.ts";
import { toRunContext } from "../../../src/runs/driver/run-context.ts";
import type { PreparedSubmit } from "../../../src/runs/driver/run-service.ts";
import { WakeUp } from "../../../src/runs/driver/wake-up.ts";
import type { SubmitGate } from "../../../src/runs/journal/chunk-writes.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import type { StepMemo } from "../../../src/runs/steps/step-memo.ts";
import { silentLogger } from "../../../src/transport/index.ts";
import { claimAll, epochMs, intent, noLimits, planRun } from "../journal/planned-run.ts";

const minute = 60_000;

describe("the wait for room", () => {
  let nowMs: number;
  let outage: Outage;
  let parts: DriverParts;
  /** Answers that say to wait before there is room. */
  let waits: number;

  beforeEach(() => {
    nowMs = epochMs;
    waits = 0;
    const clock = {
      now: () => nowMs,
      sleep: (ms: number) => Promise.resolve(void (nowMs += ms)),
    };
    outage = new Outage({ clock, logger: silentLogger });
    const beginAttempt = (): Promise<SubmitGate> =>
      Promise.resolve(
        waits-- > 0
          ? { gate: "wait", waitMs: 10, limit: "requests" }
          : { gate: "stopped", runState: "paused" },
      );
    const shared = { submitTurns: new KeyedSlots(1), room: new WakeUp(), connectNoticeMs: 5 };
    parts = { journal: { beginAttempt }, clock, outage, ...shared } as object as DriverParts;
  });

  async function hold(chunk: "planned" | "unknown", memo: StepMemo): Promise<HeldChunk> {
    await using journal = await openJournal("sqlite::memory:");
    const run = await planRun(journal);
    const [claimed] = await claimAll(journal);
    const current = { ...claimed!, chunk: { ...claimed!.chunk, state: chunk, memo } };
    const leaseUntilMs = epochMs + minute;
    return new HeldChunk(current, { worker: "w", leaseUntilMs, context: toRunContext(run) });
  }

  async function wait(chunk: "planned" | "unknown") {
    const held = await hold(chunk, chunk === "planned" ? { unreachableMs: epochMs } : {});
    return await waitWith(held, () => Promise.resolve());
  }

  async function waitWith(held: HeldChunk, ready: PreparedSubmit["ready"]) {
    const { prefix, fingerprint, event } = intent();
    const { interruption } = held;
    const prepared = { ready, send: () => Promise.reject(new Error()) };
    const written = { prefix, fingerprint, event, limits: noLimits, interruption };
    return await awaitRoom(held, { intent: written, prepared }, parts);
  }

  it("is not begun anew with each answer while the service was not reached", async () => {
    outage.failed(new Error("no connection"));
    waits = 20;
    expect(await wait("planned")).to.have.nested.property("evidence.type", "heldBack");
    expect(nowMs - epochMs).to.be.within(200, 2200);
  });

  it("is left to others while the service is not tried, by a chunk that may have been accepted", async () => {
    outage.failed(new Error("no connection"));
    expect(await wait("unknown")).to.have.nested.property("evidence.type", "unreachable");
    nowMs += 2000;
    expect(await wait("unknown")).to.have.nested.property("evidence.type", "heldBack");
  });

  it("tells of a connection that takes long, and of why there is none once that is known", async () => {
    const held = await hold("planned", {});
    const waits: AbortSignal[] = [];
    const early = await waitWith(held, ({ signal } = {}) => {
      if (signal !== undefined) waits.push(signal);
      return new Promise<void>(() => undefined);
    });
    expect(early).to.have.nested.property("evidence.type", "unreachable");
    expect(early).not.to.have.nested.property("evidence.isNews");
    expect(waits.map(({ aborted }) => aborted)).to.deep.equal([true]);
    expect(outage.error, "an outage that is known").to.equal(undefined);
    const claimed = held.current;
    const noted = { ...claimed.chunk, memo: { unreachableMs: epochMs } };
    const again = new HeldChunk(
      { ...claimed, chunk: noted },
      { worker: "w", leaseUntilMs: epochMs + minute, context: held.context },
    );
    again.isNotedEarly = held.isNotedEarly;
    const fields = { code: "UNAVAILABLE", message: "", details: [], method: "m" } as const;
    const none = new SubmitError("nobody is there", { ...fields, outcome: "rejected" });
    const known = await waitWith(again, () => Promise.reject(none));
    expect(known).to.deep.equal({
      evidence: { type: "unreachable", error: none, isNews: true },
    });
    expect(outage.error).to.equal(none);
  });
});
