import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { RunningCli } from "../cli/spawn-cli.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

const workers = 3;
const chunks = 40;
/** More operations are let go only once all workers have been restarted. */
const endedMeanwhile = 20;
const releaseEveryMs = 100;
/** How long a worker waits for the answers to its submits, unless it is told otherwise. */
const drainLimitMs = 20_000;

describe("a rolling restart of workers", function () {
  this.timeout(90_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  it("repeats no submit, fails no step and loses no input of a run that goes on meanwhile", async () => {
    fixture.admin.holdOperations(true);
    const service = await fixture.service();
    const limits = { maxImagesInProcessing: 200 };
    const run = await service.start(request(10 * chunks, { limits }));
    const running = await Promise.all(
      Array.from({ length: workers }, () => fixture.workerProcess()),
    );
    await until(() => fixture.admin.submits().length > 0);
    const releasing = releaseSome();
    const successors: RunningCli[] = [];
    for (const worker of running) {
      await end(worker);
      successors.push(await fixture.workerProcess());
    }
    expect((await run.snapshot()).state).to.equal("running");
    await releasing;
    fixture.admin.holdOperations(false);
    fixture.admin.releaseOperation();
    const { state, inputs } = await run.wait();
    expect({ state, ...inputs }).to.include({ state: "done", succeeded: 10 * chunks });
    await Promise.all(successors.map(end));
    expect([...fixture.runs.accepted().values()]).to.deep.equal(Array(chunks).fill(1));
    const happened = new Map<string, number>();
    for await (const { type, chunk } of run.events()) {
      if (chunk !== undefined) happened.set(type, (happened.get(type) ?? 0) + 1);
    }
    // Each step of each chunk once, and nothing that failed or was taken over.
    expect(Object.fromEntries(happened)).to.deep.equal({
      ...{ submitting: chunks, accepted: chunks },
      ...{ operationEnded: chunks, ended: chunks },
    });
  });

  async function end({ child, ended }: RunningCli): Promise<void> {
    const since = performance.now();
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    expect(code, stderr).to.equal(0);
    expect(stderr).to.not.include("jobs failed");
    expect(performance.now() - since).to.be.below(drainLimitMs);
  }

  /** Operations end one after the other while workers come and go. */
  async function releaseSome(): Promise<void> {
    for (let ended = 0; ended < endedMeanwhile; ended++) {
      await until(() => fixture.admin.releaseOperation(oldestOpen()));
      await sleep(releaseEveryMs);
    }
  }

  function oldestOpen(): string | undefined {
    return fixture.admin.operations().findLast(({ done }) => !done)?.name;
  }
});
