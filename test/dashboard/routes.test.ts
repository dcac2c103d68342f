import { expect } from "chai";
import type {
  ActionAnswer,
  ChunkDetail,
  ChunkPage,
  ErrorAnswer,
  RunDetail,
  RunList,
  SessionData,
  WorkerList,
} from "../../src/dashboard/dashboard-data.ts";
import { JournalError, type Runs } from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { DashboardFixture } from "./dashboard-fixture.ts";

describe("the dashboard", () => {
  let fixture: DashboardFixture;
  let working: Runs;
  const fail: { error?: Error } = {};

  beforeEach(async () => {
    delete fail.error;
    const runs = await RunsFixture.start();
    working = await runs.open();
    fixture = await DashboardFixture.start(runs, { user: "pat", worker: "w1" }, fail);
  });

  afterEach(() => fixture.close());

  const limits = { maxImagesInProcessing: 20 };

  it("serves its page with all that it may not do", async () => {
    const page = await fixture.ask("/", { headers: { "sec-fetch-site": "none" } });
    expect(page.status).to.equal(200);
    expect(page.text)
      .to.contain('src="/assets/dashboard.js"')
      .and.not.match(/<script>|style=/);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).to.contain("default-src 'none'").and.contain("frame-ancestors 'none'");
    expect(policy).not.to.contain("unsafe");
    expect(page.headers).to.include({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(page.headers).not.to.have.any.keys("access-control-allow-origin", "x-powered-by");
    const script = await fixture.ask("/assets/dashboard.js");
    expect(script.text).to.equal("script();");
    expect(script.headers["content-type"]).to.contain("text/javascript");
    expect((await fixture.ask("/assets/../routes.ts")).status).to.equal(404);
    expect((await fixture.ask("/assets/dashboard.css")).text).to.equal("body{}");
  });

  it("tells of itself", async () => {
    const { token, ...session } = await fixture.json<SessionData>("/api/session");
    expect(token).to.match(/^[\w-]{43}$/);
    expect(session).to.deep.equal({
      ...{ readOnly: false, journal: "sqlite:runs.db", version: "1.2.3", worker: "w1" },
    });
  });

  it("lists the runs, the newest first, with what can be done", async () => {
    await (await working.start(request(20))).wait();
    fixture.runs.admin.holdOperations(true);
    await working.start(request(30, { id: "more", limits }));
    const { runs, left } = await fixture.json<RunList>("/api/runs");
    expect(left).to.equal(0);
    expect(runs.map(({ id }) => id)).to.deep.equal(["more", "scans"]);
    const [more, scans] = runs;
    expect(scans).to.include({ state: "done", units: 20, workers: 0 });
    expect(scans?.inputs).to.include({ succeeded: 20, open: 0, total: 20 });
    expect(scans?.actions).to.deep.equal([]);
    expect(more?.actions).to.deep.equal(["pause", "cancel"]);
    expect(more?.chunks.total).to.equal(3);
  });

  it("tells of a run: what it asks for, what of its limits is in use, who works on it", async () => {
    fixture.runs.admin.holdOperations(true);
    const run = await working.start(request(50, { limits, batchSize: 5 }));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    const detail = await fixture.json<RunDetail>("/api/runs/scans");
    expect(detail.options).to.deep.include({
      ...{ version: "v1", output: "gs://out/results/", batchSize: 5, onUnknownSubmit: "wait" },
      features: [{ type: "LABEL_DETECTION" }],
    });
    expect(detail.limits).to.include({
      ...{ maxImagesInProcessing: 20, imagesInProcessing: 20, filesInProcessing: 0 },
      ...{ requestsPerMinute: 1800, rate: 1 },
    });
    expect(detail.limits).not.to.have.any.keys("submitsPerMinute", "notBeforeMs");
    expect(detail.planned).to.deep.equal({ image: 50, file: 0 });
    expect(detail.claims).to.have.length(1);
    expect(detail.events.map(({ text }) => text)).to.include("all inputs were planned");
    const { workers } = await fixture.json<WorkerList>("/api/workers");
    expect(workers).to.have.length(1);
    expect(workers[0]?.runs[0]).to.include({ run: "scans" });
    expect(workers[0]?.isThis).to.equal(false);
    expect((await fixture.ask("/api/runs/none")).status).to.equal(404);
  });

  it("tells what went wrong, and where", async () => {
    fixture.runs.admin.setFaults([
      { nth: 1, when: "operation", status: { code: "INTERNAL", message: "Broken." } },
    ]);
    await (await working.start(request(20, { graceMs: 10 }))).wait();
    const detail = await fixture.json<RunDetail>("/api/runs/scans");
    expect(detail.actions).to.deep.equal(["retry"]);
    expect(detail.troubled).to.have.length(1);
    expect(detail.troubled[0]).to.include({ state: "failed", isUndecided: false });
    expect(detail.errors.length).to.be.greaterThan(0);
    expect(detail.errors.every(({ isTrouble }) => isTrouble)).to.equal(true);
  });

  it("gives chunks by pages and states", async () => {
    await (await working.start(request(50))).wait();
    const first = await fixture.json<ChunkPage>("/api/runs/scans/chunks?limit=2");
    expect(first.chunks.map(({ number }) => number)).to.deep.equal([0, 1]);
    expect(first.next).to.equal(1);
    const rest = await fixture.json<ChunkPage>("/api/runs/scans/chunks?after=1&limit=3");
    expect(rest.chunks.map(({ number }) => number)).to.deep.equal([2, 3, 4]);
    expect(rest).not.to.have.property("next");
    const path = "/api/runs/scans/chunks?state=running,failed";
    expect((await fixture.json<ChunkPage>(path)).chunks).to.deep.equal([]);
    for (const query of ["state=novel", "limit=x", "after=-2", "limit=1e3"]) {
      expect((await fixture.ask(`/api/runs/scans/chunks?${query}`)).status).to.equal(400);
    }
  });

  it("tells all of a chunk", async () => {
    await (await working.start(request(20))).wait();
    const chunk = await fixture.json<ChunkDetail>("/api/runs/scans/chunks/1");
    expect(chunk).to.include({ number: 1, state: "done", attempt: 1, size: 10 });
    expect(chunk.operation).to.match(/operations\//);
    expect(chunk.counts?.succeeded).to.equal(10);
    expect(chunk.attempts).to.have.length(1);
    expect(chunk.attempts[0]).to.include({ attempt: 1, outcome: "accepted" });
    expect(chunk.events.map(({ type }) => type)).to.include.members(["accepted", "ended"]);
    expect(chunk.inputs[0]).to.equal("gs://inputs/10.png");
    expect(JSON.parse(chunk.manifest ?? "")).to.include({ responses: 10 });
    expect((await fixture.ask("/api/runs/scans/chunks/2")).status).to.equal(404);
  });

  it("pauses, resumes, cancels and retries by the journal alone", async () => {
    fixture.runs.admin.holdOperations(true);
    const run = await working.start(request(50, { limits }));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    const done = async (action: string): Promise<ActionAnswer> => {
      const answer = await fixture.post(`/api/runs/scans/${action}`);
      expect(answer.status, answer.text).to.equal(200);
      return JSON.parse(answer.text) as ActionAnswer;
    };
    const paused = await done("pause");
    expect(paused.run).to.deep.include({ state: "paused", actions: ["resume", "cancel"] });
    expect((await run.snapshot()).state).to.equal("paused");
    expect((await done("resume")).run.state).to.equal("running");
    expect((await done("cancel")).run.state).to.equal("cancelling");
    expect((await run.wait()).state).to.equal("cancelled");
    fixture.runs.admin.holdOperations(false);
    const retried = await done("retry");
    expect(retried.note).to.equal("50 inputs are sent again, in 5 requests");
    expect(retried.run).to.include({ state: "running" });
    // Nobody works on it: the dashboard does not.
    expect((await run.snapshot()).chunks.planned).to.equal(5);
  });

  it("says what cannot be done", async () => {
    await (await working.start(request(10))).wait();
    const refused = async (path: string, body?: object): Promise<string> => {
      const { status, text } = await fixture.post(path, body);
      return `${status} ${(JSON.parse(text) as ErrorAnswer).error.message}`;
    };
    expect(await refused("/api/runs/scans/pause")).to.equal(
      '409 run "scans" is not running: it is done',
    );
    expect(await refused("/api/runs/none/pause")).to.match(/^404 /);
    expect(await refused("/api/runs/scans/remove")).to.match(/^404 /);
    expect(await refused("/api/runs/scans/toString")).to.match(/^404 /);
    expect(await refused("/api/runs/scans/retry", { statuses: ["retried"] })).to.match(/^400 /);
    const decide = "/api/runs/scans/chunks/0/decide";
    expect(await refused(decide, { decision: "perhaps" })).to.match(/^400 /);
    expect(await refused(decide, { decision: "fail" })).to.match(/^409 .*unknown fate/);
    expect(await refused(decide, { decision: "x".repeat(20_000) })).to.match(/^413 /);
  });

  it("decides about a chunk whose submit may have been accepted, and notes who did", async () => {
    fixture.runs.admin.setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        ...{ nth: 1, when: "afterAcceptance", dropConnection: true },
      },
    ]);
    fixture.runs.admin.holdOperations(true);
    const run = await working.start(request(10, { quarantineMs: 3_600_000 }));
    await until(async () => (await run.snapshot()).chunks.unknown === 1);
    const answer = await fixture.post("/api/runs/scans/chunks/0/decide", { decision: "fail" });
    expect(answer.status, answer.text).to.equal(200);
    const chunk = await fixture.json<ChunkDetail>("/api/runs/scans/chunks/0");
    expect(chunk.events.map(({ text }) => text)).to.include("decided: fail, by pat");
  });

  it("lets nobody decide otherwise what somebody else has just decided", async () => {
    fixture.runs.admin.setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        ...{ nth: 1, when: "beforeAcceptance", dropConnection: true },
      },
    ]);
    const lost = await working.start(request(10, { id: "lost", quarantineMs: 3_600_000 }));
    await until(async () => (await lost.snapshot()).chunks.unknown === 1);
    // Nobody carries out what is decided meanwhile.
    await working.close();
    const path = "/api/runs/lost/chunks/0/decide";
    expect((await fixture.post(path, { decision: "fail" })).status).to.equal(200);
    const second = await fixture.post(path, { decision: "resubmit" });
    expect(second.status).to.equal(409);
    expect(second.text).to.contain("chunk 0 was decided already: fail");
    expect((await fixture.post(path, { decision: "fail" })).status).to.equal(200);
    const chunk = await fixture.json<ChunkDetail>("/api/runs/lost/chunks/0");
    expect(chunk.decision).to.equal("fail");
  });

  it("tells of a journal that cannot be read, and goes on once it can", async () => {
    await working.start(request(10));
    fail.error = new JournalError("it is locked", { reason: "locked", journal: "sqlite:runs.db" });
    const { status, text } = await fixture.ask("/api/runs");
    expect(status).to.equal(503);
    expect(JSON.parse(text)).to.deep.equal({
      error: {
        ...{ name: "JournalError", code: "locked" },
        message: "journal sqlite:runs.db: it is locked",
      },
    });
    delete fail.error;
    expect((await fixture.ask("/api/runs")).status).to.equal(200);
  });
});
