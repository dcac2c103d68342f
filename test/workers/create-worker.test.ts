import { expect } from "chai";
import { JournalError, VisionBatchClient, type Run } from "../../src/index.ts";
import { createWorker } from "../../src/workers/index.ts";
import { runSql } from "../fixtures/postgres-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { expectFiveAtATime } from "../runs/expect-five-at-a-time.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("createWorker", function () {
  this.timeout(25_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  function expectOnceEach(chunks: number): void {
    expect([...fixture.runs.accepted().values()]).to.deep.equal(Array(chunks).fill(1));
  }

  /** Lets the operation end that was accepted first. */
  async function releaseOne(): Promise<void> {
    const open = fixture.admin.operations().findLast(({ state }) => state !== "DONE");
    await until(() => fixture.admin.releaseOperation(open?.name));
  }

  const workersOf = async (run: Run, type: string): Promise<Set<string | undefined>> => {
    const workers = new Set<string | undefined>();
    for await (const event of run.events()) if (event.type === type) workers.add(event.worker);
    return workers;
  };

  it("works on a run beside others, and sends each chunk once", async () => {
    const workers = await Promise.all([fixture.worker(), fixture.worker(), fixture.worker()]);
    const service = await fixture.service();
    const run = await service.start(request(300));
    const over = await run.wait();
    expect(over).to.include({ state: "done" });
    expect(over.inputs.succeeded).to.equal(300);
    expectOnceEach(30);
    const ids = new Set(workers.map(({ id }) => id));
    expect(await workersOf(run, "ended")).to.deep.equal(ids);
  });

  it("stays beside others within the limits", async () => {
    fixture.admin.holdOperations(true);
    await fixture.worker();
    await fixture.worker();
    const service = await fixture.service();
    const limits = { maxImagesInProcessing: 50 };
    const run = await service.start(request(150, { limits }));
    await expectFiveAtATime(run, fixture.admin);
    expectOnceEach(15);
  });

  it("finishes what it sends when it is closed, and leaves the rest to others, who send nothing again", async () => {
    fixture.admin.holdOperations(true);
    const first = await fixture.worker();
    const service = await fixture.service();
    const run = await service.start(request(200, { limits: { requestsPerMinute: 600 } }));
    await until(() => fixture.admin.submits().length >= 5);
    const second = await fixture.worker();
    await first.close();
    const { chunks } = await run.snapshot();
    expect(chunks.unknown, "submits of unknown fate").to.equal(0);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    expect((await run.wait()).inputs.succeeded).to.equal(200);
    expectOnceEach(20);
    expect(await workersOf(run, "ended")).to.deep.equal(new Set([second.id]));
    expect(await workersOf(run, "takenOver"), "leases that were waited for").to.be.empty;
  });

  it("sees a pause, a going on and a cancel by whoever asks for it", async () => {
    fixture.admin.holdOperations(true);
    await fixture.worker();
    await fixture.worker();
    const service = await fixture.service();
    const run = await service.start(request(60, { limits: { maxImagesInProcessing: 20 } }));
    await until(() => fixture.admin.submits().length === 2);
    await service.pause(run.id);
    await releaseOne();
    await until(async () => (await run.snapshot()).chunks.done === 1);
    expect((await run.snapshot()).state).to.equal("paused");
    expect(fixture.admin.submits()).to.have.length(2);
    await service.resume(run.id);
    await until(() => fixture.admin.submits().length === 3);
    const over = await (await service.cancel(run.id)).wait();
    expect(over).to.include({ state: "cancelled" });
    expect(over.inputs).to.include({ succeeded: 10, missing: 20, notSubmitted: 30, open: 0 });
  });

  it("gives runs that share the limits the same share of them", async () => {
    fixture.admin.holdOperations(true);
    await fixture.worker();
    const service = await fixture.service();
    const limits = { maxImagesInProcessing: 40 };
    const large = await service.start(request(300, { id: "large", limits }));
    await until(() => fixture.admin.submits().length === 4);
    const small = await service.start(request(60, { id: "small", limits }));
    const ofSmall = (): number =>
      fixture.admin
        .submits()
        .filter(({ outputPrefixes: [prefix] }) => prefix?.includes("/small/") === true).length;
    for (let ended = 1; ended <= 4; ended++) {
      await releaseOne();
      await until(() => fixture.admin.submits().length === 4 + ended);
    }
    // The large one had the limits for itself: half of its own end before the small one has its half.
    expect(ofSmall()).to.be.within(2, 3);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    await Promise.all([large.wait(), small.wait()]);
    expect(fixture.admin.submits()).to.have.length(36);
  });

  it("goes on when the database was gone for a moment, and sends nothing again", async function () {
    const { restart } = fixture.server;
    if (restart === undefined) this.skip();
    await fixture.worker();
    await fixture.worker();
    const service = await fixture.service();
    const run = await service.start(request(100, { limits: { maxImagesInProcessing: 40 } }));
    await until(() => fixture.admin.submits().length >= 4);
    await restart();
    const { state, inputs } = await run.wait();
    // What was being sent in that moment is perhaps only found by its output.
    expect({ state, ...inputs }).to.include({ state: "done", succeeded: 100 });
    expectOnceEach(10);
  });

  it("holds no more connections than it is told", async () => {
    const name = new URL(fixture.url).pathname.slice(1);
    const counting = `select count(*)::int as held from pg_stat_activity where datname = '${name}'`;
    await fixture.worker({ maxConnections: 8, concurrency: 4 });
    let most = 0;
    const service = await fixture.service();
    await service.start(request(200));
    await service.close();
    await until(async () => {
      const [row] = await runSql(fixture.server.url, counting);
      most = Math.max(most, row?.["held"] as number);
      return fixture.admin.submits().length === 20;
    });
    expect(most).to.be.within(2, 8);
  });

  it("serves nothing any more when it is closed, though nothing can be given back", async () => {
    await using client = new VisionBatchClient({ emulator: fixture.runs.addresses });
    const worker = await createWorker({ journal: fixture.url, client, metricsPort: 0 });
    const served = `http://${worker.metricsAddress ?? ""}/livez`;
    expect((await fetch(served)).status).to.equal(200);
    await runSql(fixture.url, "drop schema vision_batch cascade");
    expect(await rejection(worker.close())).to.include({ reason: "corrupt" });
    expect(await rejection(fetch(served))).to.be.instanceOf(TypeError);
  });

  it("refuses a database that is not there, a schema whose name is too long and numbers that cannot be", async () => {
    const refused = async (options: object): Promise<unknown> =>
      fixture.worker(options).then(
        () => undefined,
        (error: unknown) => error,
      );
    const nowhere = "postgres://postgres@127.0.0.1:1/none";
    expect(await refused({ journal: nowhere })).to.include({ reason: "unavailable" });
    const long = `${fixture.url}?schema=${"a".repeat(46)}`;
    expect(await refused({ journal: long })).to.include({ reason: "unsupported" });
    expect(await refused({ concurrency: 0 })).to.be.instanceOf(RangeError);
    expect(await refused({ maxConnections: 6 })).to.be.instanceOf(RangeError);
    const held = { resultsInTransaction: true, concurrency: 4, maxConnections: 18 };
    expect(await refused(held)).to.be.instanceOf(RangeError);
    expect(await refused({ journal: "sqlite:runs.db" })).to.include({ reason: "unsupported" });
  });

  it("says so where the database goes away while it starts", async () => {
    await (await fixture.worker()).close();
    await runSql(
      fixture.url,
      `create function go_away() returns trigger language plpgsql as
         $$begin raise exception 'it shuts down' using errcode = '57P01'; end$$;
       create trigger gone before insert on vision_batch_jobs.job
         for each row execute function go_away();`,
    );
    const error = await rejection(fixture.worker());
    expect(error).to.be.instanceOf(JournalError).and.include({ reason: "unavailable" });
  });
});
