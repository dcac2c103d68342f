import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { wallClock } from "../../src/runs/run-clock.ts";
import { startChildScript, type ChildScript } from "../fixtures/child-script.ts";
import { until } from "../fixtures/emulator.ts";
import { RunsFixture } from "../runs/runs-fixture.ts";

const inputs = 60;
const chunks = 6;

describe("runs through crashes", () => {
  let fixture: RunsFixture;
  const children: ChildScript[] = [];

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(async () => {
    for (const { process: child } of children.splice(0)) {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    }
    await fixture.close();
  });

  function startWorker(leaseMs = 60_000): ChildScript {
    const { grpc, rest } = fixture.addresses;
    const args = [grpc, rest, fixture.journal, String(inputs), String(leaseMs)];
    const child = startChildScript("work-on-run.ts", args);
    children.push(child);
    return child;
  }

  /** Stops a process at a moment at which it does not hold the journal, which nobody else could write to then. */
  async function stopBetweenWrites({ process: child }: ChildScript): Promise<void> {
    for (;;) {
      child.kill("SIGSTOP");
      if (isWritable(fixture.journal.replace("sqlite:", ""))) return;
      child.kill("SIGCONT");
      await nextTurn();
    }
  }

  /**
   * Takes the run over, once what a killed process holds is over, and brings it to its end. A submit
   * that the kill kept from leaving is sent again, after its output was looked for in vain.
   */
  async function finish(): Promise<void> {
    const runs = await fixture.open();
    const policy = { onUnknownSubmit: "resubmit", quarantineMs: 60_000 } as const;
    const run = await runs.resume("scans", policy);
    const { state, inputs: counts } = await run.wait();
    expect(state).to.equal("done");
    expect(counts).to.include({ succeeded: inputs, total: inputs, open: 0 });
    const indexes: number[] = [];
    for await (const { index, status } of run.results()) {
      expect(status).to.equal("succeeded");
      indexes.push(index);
    }
    expect(indexes.sort((a, b) => a - b)).to.deep.equal([...Array(inputs).keys()]);
  }

  /** The service accepted each chunk once: nothing was lost and nothing billed twice. */
  function expectOnceEach(): void {
    const accepted = [...fixture.accepted()].sort(([a], [b]) => a - b);
    expect(accepted).to.deep.equal(Array.from({ length: chunks }, (_, chunk) => [chunk, 1]));
  }

  const points: readonly (readonly [string, () => boolean | Promise<boolean>])[] = [
    ["after the first submit was accepted", () => fixture.admin.submits().length >= 1],
    ["when half is submitted", () => fixture.admin.submits().length >= chunks / 2],
    ["when all is submitted", () => fixture.admin.submits().length >= chunks],
    ["while operations are read", () => fixture.admin.calls("GetOperation") >= 3],
    [
      "while results are collected",
      async () => {
        const runs = await fixture.open();
        const run = await runs.get("scans");
        return ((await run?.snapshot())?.chunks.done ?? 0) >= 1;
      },
    ],
  ];

  for (const [name, point] of points) {
    it(`loses nothing and sends nothing twice when it is killed ${name}`, async () => {
      const child = startWorker();
      await until(point);
      child.process.kill("SIGKILL");
      expect(await child.ended).to.equal("SIGKILL");
      await finish();
      expectOnceEach();
    });
  }

  it("adopts what was accepted by a process that did not live to hear of it", async () => {
    // The answers are held until the process is gone.
    const method = "AsyncBatchAnnotateImages";
    fixture.admin.setFaults([{ method, when: "afterAcceptance", delayMs: 60_000 }]);
    const child = startWorker();
    await until(() => fixture.admin.submits().length >= 2);
    child.process.kill("SIGKILL");
    await child.ended;
    fixture.admin.setFaults([]);
    await finish();
    expectOnceEach();
  });

  it("finishes what it is sending on SIGTERM, and can be resumed at once", async () => {
    fixture.admin.holdOperations(true);
    const child = startWorker();
    expect(await child.nextLine()).to.equal("working");
    await until(() => fixture.admin.submits().length >= 2);
    child.process.kill("SIGTERM");
    expect(await child.nextLine()).to.equal("closed");
    child.process.kill("SIGKILL");
    await child.ended;
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    // Its leases would last for a minute of the clock of the machine.
    const runs = await fixture.open({ clock: wallClock });
    const { inputs: counts } = await (await runs.resume("scans")).wait();
    expect(counts.succeeded).to.equal(inputs);
    expectOnceEach();
  });

  it("leaves a stopped process behind, whose writes count for nothing when it goes on", async () => {
    const method = "AsyncBatchAnnotateImages";
    fixture.admin.setFaults([{ method, when: "afterAcceptance", delayMs: 2000 }]);
    const child = startWorker(2000);
    // As many as it sends at a time: none is on its way that the service has not accepted.
    await until(() => fixture.admin.submits().length >= 4);
    await stopBetweenWrites(child);
    await finish();
    expectOnceEach();
    const runs = await fixture.open();
    const run = await runs.get("scans");
    const before = await run?.snapshot();
    child.process.kill("SIGCONT");
    expect(await child.nextLine()).to.equal("working");
    expect(await child.nextLine()).to.equal("done");
    expect(await child.ended).to.equal(0);
    const { atMs: _at, ...after } = (await run?.snapshot()) ?? { atMs: 0 };
    expect({ ...before, ...after }).to.deep.equal(before);
    expectOnceEach();
  });

  it("is worked on by two processes at a time, each chunk by one", async () => {
    const [one, other] = [startWorker(), startWorker()];
    expect(await one.ended).to.equal(0);
    expect(await other.ended).to.equal(0);
    await finish();
    expectOnceEach();
  });
});

function isWritable(file: string): boolean {
  const database = new DatabaseSync(file);
  try {
    database.exec("begin immediate; rollback");
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}
