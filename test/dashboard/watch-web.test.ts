import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunList, SessionData } from "../../src/dashboard/dashboard-data.ts";
import { runCli, startCli } from "../cli/spawn-cli.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";

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
      const url = /dashboard: (http:\/\/127\.0\.0\.1:\d+\/)#\/runs\/scans/.exec(said)?.[1] ?? "";
      const page = await fetch(url);
      expect(await page.text()).to.contain("/assets/dashboard.js");
      expect(await read(new URL("/assets/dashboard.js", url))).to.contain("api/events");
      const asPage = { headers: { "sec-fetch-site": "same-origin" } };
      const session = (await (
        await fetch(new URL("/api/session", url), asPage)
      ).json()) as SessionData;
      expect(session).to.deep.include({ readOnly: false, journal: fixture.journal });
      const list = (await (await fetch(new URL("/api/runs", url))).json()) as RunList;
      expect(list.runs.map(({ id, state }) => `${id} ${state}`)).to.deep.equal(["scans running"]);
      const cancelled = await fetch(new URL("/api/runs/scans/cancel", url), {
        method: "POST",
        headers: {
          ...{ origin: new URL(url).origin, "content-type": "application/json" },
          "x-csrf-token": session.token,
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
    expect(await read(new URL("/api/runs/scans", url))).to.contain('"state":"done"');
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
    const wrong = await runCli([...args, "70000"]);
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain("--web 70000");
  });
});

async function read(url: URL): Promise<string> {
  const response = await fetch(url);
  expect(response.status).to.equal(200);
  return response.text();
}
