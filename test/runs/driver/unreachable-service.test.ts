import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { expect } from "chai";
import { openRuns, VisionBatchClient } from "../../../src/index.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
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
});
