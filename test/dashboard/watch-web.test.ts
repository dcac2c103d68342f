import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunList, SessionData } from "../../src/dashboard/dashboard-data.ts";
import { runCli, startCli } from "../cli/spawn-cli.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { openDashboardUrl } from "./dashboard-fixture.ts";

describe("runs watch --web", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("shows the runs until Ctrl-C, changes them and does not work on them", async () => {
    const runs = await fixture.open({ drive: false });
    const run = await runs.start(request(20));
    const watching = startCli(["runs", "watch", "scans", "--journal", fixture.journal, "--web"]);
    try {
      await watching.says("dashboard: ");
      const said = watching.said().stderr;
      const line = /dashboard: (http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43})#\/runs\/scans/;
      const url = line.exec(said)?.[1] ?? "";
      expect((await fetch(new URL("/", url))).status).to.equal(401);
      const cookie = await openDashboardUrl(url);
      const get = (path: string): Promise<string> => read(new URL(path, url), cookie);
      expect(await get("/")).to.contain("/assets/dashboard.js");
      expect(await get("/assets/dashboard.js")).to.contain("api/events");
      const session = JSON.parse(await get("/api/session")) as SessionData;
      expect(session).to.deep.include({ readOnly: false, journal: fixture.journal });
      const list = JSON.parse(await get("/api/runs")) as RunList;
      expect(list.runs.map(({ id, state }) => `${id} ${state}`)).to.deep.equal(["scans running"]);
      const cancelled = await fetch(new URL("/api/runs/scans/cancel", url), {
        method: "POST",
        headers: {
          ...{ origin: new URL(url).origin, "content-type": "application/json" },
          ...{ "x-csrf-token": session.token, cookie },
        },
        body: "{}",
      });
      expect(cancelled.status, await cancelled.text()).to.equal(200);
      expect((await run.snapshot()).inputs.notSubmitted).to.equal(20);
      expect(fixture.admin.submits()).to.deep.equal([]);
    } finally {
      watching.child.kill("SIGINT");
    }
    expect((await watching.ended).code).to.equal(130);
  });

  it("goes on when the run is over", async () => {
    const runs = await fixture.open();
    await (await runs.start(request(10))).wait();
    const args = ["runs", "watch", "scans", "--journal", fixture.journal, "--web", "--quiet"];
    const watching = startCli(args);
    await watching.says("goes on until Ctrl-C");
    const url = /dashboard: (\S+)/.exec(watching.said().stderr)?.[1] ?? "";
    const run = await read(new URL("/api/runs/scans", url), await openDashboardUrl(url));
    expect(run).to.contain('"state":"done"');
    watching.child.kill("SIGINT");
    expect((await watching.ended).code).to.equal(0);
  });

  it("says that a port is taken, or none", async () => {
    const runs = await fixture.open({ drive: false });
    await runs.start(request(10));
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const args = ["runs", "watch", "scans", "--journal", fixture.journal, "--web"];
    const taken = await runCli([...args, String(port)]);
    expect(taken.code).to.equal(2);
    expect(taken.stderr).to.contain(`--web ${port}: `).and.contain("EADDRINUSE");
    server.close();
    // A run whose name is taken for the port is not left unsaid.
    const swallowed = await runCli(["runs", "watch", "--web", "scans", "--journal", "sqlite:none"]);
    expect(swallowed.code).to.equal(2);
    expect(swallowed.stderr).to.contain('"scans" is not a port').and.contain("after the ID");
    const wrong = await runCli([...args, "70000"]);
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain("--web 70000");
  });
});

async function read(url: URL, cookie: string): Promise<string> {
  const headers = { "sec-fetch-site": "same-origin", cookie };
  const response = await fetch(url, { headers });
  expect(response.status).to.equal(200);
  return response.text();
}
