import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("vision-batch worker", function () {
  this.timeout(90_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  it("goes on within 30 s with what a killed one has left, and sends nothing again", async () => {
    fixture.admin.holdOperations(true);
    const service = await fixture.service();
    const killed = await fixture.workerProcess();
    const run = await service.start(request(40));
    await until(() => fixture.admin.submits().length === 4);
    await until(async () => (await run.snapshot()).chunks.running === 4);
    await fixture.workerProcess();
    killed.child.kill("SIGKILL");
    const since = performance.now();
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    expect((await run.wait()).inputs.succeeded).to.equal(40);
    expect(performance.now() - since).to.be.below(30_000);
    expect([...fixture.runs.accepted().values()]).to.deep.equal([1, 1, 1, 1]);
  });

  it("ends by SIGTERM with nothing left to wait for, and tells how it is until then", async () => {
    fixture.admin.holdOperations(true);
    const service = await fixture.service();
    const worker = await fixture.workerProcess(["--metrics-port", "0"]);
    const base = `http://${/"metricsAddress":"([^"]+)"/.exec(fixture.logged)?.[1] ?? ""}`;
    const run = await service.start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    expect((await fetch(`${base}/livez`)).status).to.equal(200);
    expect((await fetch(`${base}/readyz`)).status).to.equal(200);
    expect((await fetch(`${base}/other`)).status).to.equal(404);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).to.match(
      /^vision_batch_steps_total\{vision_batch_chunk_state="running"\} [2-9]/m,
    );
    expect(metrics).to.not.include("scans");
    worker.child.kill("SIGTERM");
    const { code } = await worker.ended;
    expect(code).to.equal(0);
    for await (const { chunk } of run.chunks()) expect(chunk).to.not.have.property("worker");
  });

  const offMs = 600_000;
  const off = (ms: number) => ({
    NODE_OPTIONS: `--import "data:text/javascript,const now=Date.now;Date.now=()=>now()+(${ms})"`,
  });

  it("disturbs nobody where its clock is ten minutes off", async () => {
    await Promise.all([
      fixture.workerProcess(),
      fixture.workerProcess([], off(offMs)),
      fixture.workerProcess([], off(-offMs)),
    ]);
    const service = await fixture.service();
    const startedMs = Date.now();
    const run = await service.start(request(200));
    expect((await run.wait()).inputs.succeeded).to.equal(200);
    expect([...fixture.runs.accepted().values()]).to.deep.equal(Array(20).fill(1));
    const loggedMs = [...fixture.logged.matchAll(/"time":(\d+)/g)].map(([, time]) => Number(time));
    expect(Math.max(...loggedMs) - Date.now()).to.be.above(offMs - 60_000);
    expect(Math.min(...loggedMs) - Date.now()).to.be.below(-offMs);
    const workers = new Set<string>();
    for await (const { atMs, type, worker } of run.events()) {
      expect(atMs).to.be.within(startedMs - 1000, Date.now() + 1000);
      expect(type).to.not.equal("takenOver");
      if (type === "submitting" && worker !== undefined) workers.add(worker);
    }
    expect(workers.size).to.be.at.least(2);
  });

  it("works at once on what services start whose clocks are ten minutes off", async () => {
    const { grpc, rest } = fixture.runs.addresses;
    const script = join(import.meta.dirname, "starting-service.ts");
    const startedMs = Date.now();
    for (const [id, ms] of [["ahead", offMs] as const, ["behind", -offMs] as const]) {
      const env = { ...process.env, ...off(ms) };
      const args = [script, fixture.url, grpc, rest, id];
      const child = spawn(process.execPath, args, { stdio: "inherit", env });
      expect(await once(child, "close")).to.deep.equal([0, null]);
    }
    await fixture.workerProcess();
    const service = await fixture.service();
    for (const id of ["ahead", "behind"]) {
      const run = await service.get(id);
      expect((await run!.wait()).inputs.succeeded).to.equal(40);
      for await (const { atMs } of run!.events()) {
        expect(atMs).to.be.within(startedMs - 1000, Date.now() + 1000);
      }
    }
  });
});
