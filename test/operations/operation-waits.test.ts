import { expect } from "chai";
import type { RpcError } from "../../src/errors/index.ts";
import { FakeClock, settle } from "../fixtures/fake-clock.ts";
import { rejection } from "../fixtures/rejection.ts";
import {
  callError,
  TimedOperations,
  type TimedOperationsOptions,
} from "../fixtures/timed-operations.ts";

const name = "operations/x";

function open(options: Omit<TimedOperationsOptions, "clock"> = {}) {
  const clock = new FakeClock();
  return { clock, server: new TimedOperations({ clock, ...options }) };
}

describe("waiting by WaitOperation", () => {
  it("knows of the end at once, with no more calls than plain reads would be", async () => {
    const { clock, server } = open({ waits: "offered" });
    const handle = await server.start(name, 60_000);
    let doneAt = -1;
    const waiting = handle.wait().then(() => (doneAt = clock.now()));
    await clock.advance(60_000);
    await waiting;
    expect(doneAt).to.equal(60_000);
    expect(server.calls.map(({ method, at, waitMs }) => [method, at, waitMs])).to.deep.equal([
      ["WaitOperation", 0, 20_000],
      ["WaitOperation", 20_000, 30_000],
      ["WaitOperation", 50_000, 45_000],
    ]);
  });

  it("finds out once that a server lacks it; the call counts as the first read", async () => {
    const { clock, server } = open();
    const first = await server.start(name, 60_000);
    const waiting = first.wait();
    await clock.advance(95_000);
    await waiting;
    expect(server.calls.map(({ method }) => method)).to.deep.equal([
      "WaitOperation",
      "GetOperation",
      "GetOperation",
    ]);
    expect(server.readsOf(name)).to.deep.equal([0, 50_000, 95_000]);
    // A second like it is not known by then: nothing was learned but that there are no waits.
    const other = await server.start("operations/y", 10_000, origin());
    const also = other.wait();
    await clock.advance(20_000);
    await also;
    expect(server.calls.at(-1)).to.include({ method: "GetOperation", name: "operations/y" });
    expect(server.readsOf("operations/y")).to.deep.equal([20_000]);
  });

  it("asks one at a time whether the server knows waits", async () => {
    const { clock, server } = open({ waits: "offered" });
    const handles = [];
    for (let index = 0; index < 10; index += 1) {
      handles.push(await server.start(`operations/${index}`, 300_000));
    }
    const waits = handles.map((handle) => handle.wait());
    await settle();
    expect(server.calls).to.have.length(1);
    expect(server.open).to.equal(1);
    await clock.advance(60_000);
    expect(server.open).to.equal(10);
    await clock.advance(600_000);
    await Promise.all(waits);
    expect(server.open).to.equal(0);
  });

  it("opens no more than 32 at a time, and reads the others meanwhile", async () => {
    const { clock, server } = open({ waits: "offered" });
    const first = await server.start("operations/first", 30_000);
    const found = first.wait();
    await clock.advance(30_000);
    await found;
    const handles = [];
    for (let index = 0; index < 100; index += 1) {
      handles.push(await server.start(`operations/${index}`, 900_000, origin()));
    }
    const waits = handles.map((handle) => handle.wait());
    let most = 0;
    for (let step = 0; step < 200; step += 1) {
      await clock.advance(1000);
      most = Math.max(most, server.open);
    }
    expect(most).to.equal(32);
    const reads = handles.map((handle) => server.readsOf(handle.name).length);
    expect(Math.min(...reads)).to.be.at.least(3);
    await clock.advance(900_000);
    await Promise.all(waits);
    expect(clock.pending).to.equal(0);
  });

  it("makes no tight loop with a server that answers a wait at once", async () => {
    const { clock, server } = open({ waits: "atOnce" });
    const handle = await server.start(name, 60_000);
    const waiting = handle.wait();
    await clock.advance(120_000);
    await waiting;
    expect(server.readsOf(name).length).to.be.at.most(4);
  });

  it("reads plainly after a wait that failed, and waits again after that", async () => {
    const failing = new Set([1]);
    const { clock, server } = open({
      waits: "offered",
      interfere: () => {
        if (failing.has(server.calls.length)) throw callError("UNAVAILABLE");
      },
    });
    const handle = await server.start(name, 200_000);
    const waiting = handle.wait();
    await clock.advance(200_000);
    await waiting;
    const methods = server.calls.map(({ method }) => method);
    expect(methods.slice(0, 3)).to.deep.equal(["WaitOperation", "GetOperation", "WaitOperation"]);
  });

  it("lets a read say whether an operation is gone where a wait is refused, and waits no more", async () => {
    const refusing = (call: { method: string }): void => {
      if (call.method === "WaitOperation") throw callError("PERMISSION_DENIED");
    };
    const { clock, server } = open({ interfere: refusing });
    const handle = await server.start(name, 90_000);
    const waiting = handle.wait();
    await clock.advance(200_000);
    await waiting;
    const count = server.calls.filter(({ method }) => method === "WaitOperation").length;
    expect(count).to.equal(1);
    const gone = open({
      interfere: () => {
        throw callError("NOT_FOUND");
      },
    });
    const lost = await gone.server.start(name, 90_000);
    const error = (await rejection(lost.wait())) as RpcError;
    expect(error.code).to.equal("NOT_FOUND");
    expect(gone.server.calls.map(({ method }) => method)).to.deep.equal([
      "WaitOperation",
      "GetOperation",
    ]);
  });

  it("gives the call up when the last watcher leaves, and its room with it", async () => {
    const { clock, server } = open({ waits: "offered" });
    const handle = await server.start(name, 86_400_000);
    for (let round = 0; round < 40; round += 1) {
      const leaving = new AbortController();
      const gone = rejection(handle.wait({ signal: leaving.signal }));
      await clock.advance(45_000);
      expect(server.open, `round ${round}`).to.equal(1);
      leaving.abort(new Error("left"));
      await gone;
      await settle();
      expect(server.open).to.equal(0);
      expect(clock.pending).to.equal(0);
    }
  });

  it("is left alone where the transport has no such call, and where pauses are short", async () => {
    const rest = open({ waits: "offered", canWait: false });
    const quick = open({ waits: "offered", emulated: true });
    for (const { clock, server } of [rest, quick]) {
      const handle = await server.start(name, 1500);
      const waiting = handle.wait();
      await clock.advance(30_000);
      await waiting;
      const methods = new Set(server.calls.map(({ method }) => method));
      expect([...methods]).to.deep.equal(["GetOperation"]);
    }
  });
});

function origin() {
  return { kind: "asyncBatchAnnotateImages", size: 1, outputs: [] };
}
