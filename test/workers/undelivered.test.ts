import { expect } from "chai";
import type { Run } from "../../src/index.ts";
import type { ResultSink } from "../../src/workers/index.ts";
import { runSql } from "../fixtures/postgres-server.ts";
import { recordingLogger } from "../fixtures/recording-logger.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("records that a sink does not take", function () {
  this.timeout(25_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  /** A sink that refuses everything until it is in order. */
  function refusingSink() {
    const state = { isInOrder: false, taken: [] as number[] };
    const onResults: ResultSink = async ({ number }, records) => {
      for await (const _ of records);
      if (!state.isInOrder) throw new Error("out of order");
      state.taken.push(number);
    };
    return { state, onResults };
  }

  async function eventsOf(run: Run, type: string) {
    const found = [];
    for await (const event of run.events()) if (event.type === type) found.push(event);
    return found;
  }

  it("are told of when they were refused too often, and offered again at once by resume", async () => {
    const { state, onResults } = refusingSink();
    const { logger, entries } = recordingLogger();
    const worker = await fixture.worker({ onResults, logger, metricsPort: 0 });
    await runSql(fixture.url, "update vision_batch_jobs.queue set retry_limit = 0");
    const service = await fixture.service();
    const run = await service.start(request(20));
    expect((await run.wait()).state).to.equal("done");
    await until(async () => (await eventsOf(run, "undelivered")).length === 2);
    const [event] = await eventsOf(run, "undelivered");
    expect(event?.data).to.deep.include({ message: "Error: out of order" });
    const told = entries.filter(([level]) => level === "error").map(([, fields]) => fields);
    expect(told).to.have.length(2);
    expect(told[0]).to.include({ queue: "deliver" });
    const metrics = await (await fetch(`http://${worker.metricsAddress ?? ""}/metrics`)).text();
    expect(metrics).to.match(/^vision_batch_jobs_dead_total\{[^}]*"deliver"[^}]*\} 2$/m);
    expect(await run.snapshot()).to.include({ state: "done", undelivered: 2 });
    state.isInOrder = true;
    await service.resume(run.id);
    await until(() => state.taken.length === 2);
    await until(async () => (await run.snapshot()).undelivered === undefined);
    expect(new Set(state.taken)).to.deep.equal(new Set([0, 1]));
  });

  it("are offered again some time, though no job is left that does", async () => {
    const { state, onResults } = refusingSink();
    const first = await fixture.worker({ onResults });
    const service = await fixture.service();
    const run = await service.start(request(10));
    await run.wait();
    await first.close();
    await runSql(
      fixture.url,
      `delete from vision_batch_jobs.job where name in ('deliver', 'dead');
       update vision_batch.chunk set undelivered_ms = undelivered_ms - 3600000`,
    );
    state.isInOrder = true;
    await fixture.worker({ onResults });
    await until(() => state.taken.length === 1);
    await until(async () => (await run.snapshot()).undelivered === undefined);
  });
});
