import { expect } from "chai";
import type { RunList, SessionData, WorkerList } from "../../src/dashboard/dashboard-data.ts";
import { request } from "../runs/runs-fixture.ts";
import { openDashboardUrl } from "./dashboard-fixture.ts";
import { until, WorkersFixture } from "../workers/workers-fixture.ts";

describe("vision-batch worker --dashboard-port", function () {
  this.timeout(90_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  it("shows the runs of the journal and who works on them, and ends with the worker", async () => {
    fixture.admin.holdOperations(true);
    const service = await fixture.service();
    const worker = await fixture.workerProcess(["--dashboard-port", "0"]);
    await worker.says("the dashboard is served");
    const line = /"url":"(http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43})"/g;
    const [[, url = ""] = [], ...again] = worker.said().stderr.matchAll(line);
    expect(again).to.deep.equal([]);
    const cookie = await openDashboardUrl(url);
    const read = async <T>(path: string): Promise<T> => {
      const headers = { "sec-fetch-site": "same-origin", cookie };
      return (await (await fetch(new URL(path, url), { headers })).json()) as T;
    };
    const session = await read<SessionData>("/api/session");
    expect(session.worker).to.match(/./);
    const shown = new URL(session.journal);
    expect(shown.protocol).to.match(/^postgres/);
    expect(shown.password).to.equal("");
    const run = await service.start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    expect((await read<RunList>("/api/runs")).runs[0]).to.include({
      id: "scans",
      state: "running",
    });
    expect((await read<WorkerList>("/api/workers")).workers).to.be.an("array");
    // An open stream holds nobody up.
    const stream = await fetch(new URL("/api/events?run=scans", url), {
      headers: { cookie },
    });
    const events = stream.body?.getReader();
    expect((await events?.read())?.done).to.equal(false);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).to.equal(0);
    await events?.cancel().catch(() => undefined);
  });
});
