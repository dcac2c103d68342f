import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { openRuns, VisionBatchClient } from "../../../src/index.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { until } from "../../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs-fixture.ts";

describe("a run whose service cannot be reached", () => {
  let fixture: RunsFixture;
  /** Takes connections and says nothing. */
  let silent: Server;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
  });

  afterEach(async () => {
    silent.close();
    await fixture.close();
  });

  it("writes no intent to submit while it waits for a connection", async () => {
    const grpc = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await using client = new VisionBatchClient({ emulator: { ...fixture.addresses, grpc } });
    await using journal = await openJournal("sqlite::memory:");
    const runs = await openRuns({ journal, client });
    const connected = once(silent, "connection");
    const run = await runs.start(request(10));
    const [socket] = (await connected) as [{ destroy(): void }];
    const types: string[] = [];
    for await (const { type } of run.events()) types.push(type);
    expect(types).not.to.include("submitting");
    await runs.close();
    socket.destroy();
    for await (const { chunk } of run.chunks()) {
      expect(chunk).to.include({ state: "planned", attempt: 0 });
    }
  });

  it("tells after a few seconds that it waits for a connection, and sends when there is one", async () => {
    let isOpen = false;
    const waiting: Socket[] = [];
    const join = (near: Socket): void => {
      const far = connect(Number(fixture.addresses.grpc.split(":").at(-1)), "127.0.0.1");
      far.on("error", () => near.destroy());
      near
        .on("error", () => far.destroy())
        .pipe(far)
        .pipe(near);
    };
    silent.on("connection", (near: Socket) => {
      if (isOpen) join(near);
      else waiting.push(near);
    });
    const grpc = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await using client = new VisionBatchClient({ emulator: { ...fixture.addresses, grpc } });
    await using journal = await openJournal("sqlite::memory:");
    await using runs = await openRuns({ journal, client, connectNoticeMs: 20 });
    const run = await runs.start(request(10));
    await until(async () => (await run.snapshot()).problem !== undefined);
    const { problem, chunks, submits } = await run.snapshot();
    expect(problem?.error).to.include({ code: "UNAVAILABLE" });
    expect(problem?.error.message).to.contain("it is still waited for");
    expect({ planned: chunks.planned, pending: submits.pending }).to.deep.equal({
      planned: 1,
      pending: 0,
    });
    isOpen = true;
    waiting.forEach(join);
    const done = await run.wait();
    expect(done.inputs).to.include({ succeeded: 10 });
    expect(done).not.to.have.property("problem");
    expect([...fixture.accepted().values()]).to.deep.equal([1]);
    const types: string[] = [];
    for await (const { type } of run.events({ chunk: 0 })) types.push(type);
    expect(types.slice(0, 3)).to.deep.equal(["unreachable", "submitting", "accepted"]);
  });
});
