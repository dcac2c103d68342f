import { expect } from "chai";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { DashboardFixture, type Asking } from "./dashboard-fixture.ts";

describe("the guard of the dashboard", () => {
  let fixture: DashboardFixture;

  beforeEach(async () => {
    const runs = await RunsFixture.start();
    const writing = await runs.open({ drive: false });
    await writing.start(request(10));
    fixture = await DashboardFixture.start(runs);
  });

  afterEach(() => fixture.close());

  async function statusOf(path: string, asking: Asking): Promise<number> {
    return (await fixture.ask(path, asking)).status;
  }

  it("answers to the names of this machine with its port, and to no other", async () => {
    const { port } = new URL(fixture.dashboard.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      expect(await statusOf("/", { headers: { host } }), host).to.equal(200);
      expect(await statusOf("/api/runs", { headers: { host } }), host).to.equal(200);
    }
    fixture.calls.length = 0;
    const others = ["example.com", `example.com:${port}`, "localhost", "127.0.0.1", "127.0.0.1:1"];
    for (const host of [...others, `localhost.example.com:${port}`, `127.1:${port}`]) {
      expect(await statusOf("/", { headers: { host } }), host).to.equal(421);
      expect(await statusOf("/api/runs", { headers: { host } }), host).to.equal(421);
    }
    expect(fixture.calls).to.deep.equal([]);
  });

  it("lets pages of other sites read nothing", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const headers = { "sec-fetch-site": site };
      for (const path of ["runs", "runs/scans", "workers", "session", "events"]) {
        expect(await statusOf(`/api/${path}`, { headers }), path).to.equal(403);
      }
    }
    // The token is for pages of this server, as their browser says.
    expect(await statusOf("/api/session", { headers: { "sec-fetch-site": "none" } })).to.equal(403);
    expect(fixture.calls).to.deep.equal([]);
  });

  it("changes nothing for who has no token, is of another origin or sends a form", async () => {
    const good = await fixture.changing();
    const token = good["x-csrf-token"] ?? "";
    const bad: Record<string, string>[] = [
      { "x-csrf-token": "" },
      { "x-csrf-token": `${token}a` },
      { "x-csrf-token": token.replace(/^./, (first) => (first === "a" ? "b" : "a")) },
      { origin: "http://example.com" },
      { origin: "null" },
      { origin: good["origin"]?.replace("http:", "https:") ?? "" },
      { origin: good["origin"]?.replace("127.0.0.1", "localhost") ?? "" },
      { "sec-fetch-site": "cross-site" },
      { "content-type": "text/plain" },
      { "content-type": "application/x-www-form-urlencoded" },
    ];
    fixture.calls.length = 0;
    for (const each of bad) {
      for (const path of ["runs/scans/pause", "runs/scans/cancel", "runs/scans/chunks/0/decide"]) {
        const asking = { method: "POST", headers: { ...good, ...each }, body: "{}" };
        const status = await statusOf(`/api/${path}`, asking);
        expect(status, JSON.stringify(each)).to.be.oneOf([403, 415]);
      }
    }
    for (const name of ["origin", "x-csrf-token", "content-type"]) {
      const headers = Object.fromEntries(Object.entries(good).filter(([each]) => each !== name));
      const asking = { method: "POST", headers, body: "{}" };
      expect(await statusOf("/api/runs/scans/pause", asking), name).to.be.oneOf([403, 415]);
    }
    expect(fixture.calls).to.deep.equal([]);
    expect((await fixture.post("/api/runs/scans/pause")).status).to.equal(200);
  });

  it("knows no other methods, and changes nothing by GET", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"]) {
      expect(await statusOf("/api/runs", { method }), method).to.equal(405);
    }
    expect(await statusOf("/api/runs/scans/pause", {})).to.equal(404);
    expect(await statusOf("/", { method: "POST" })).to.equal(405);
    const run = await fixture.json<{ state: string }>("/api/runs/scans");
    expect(run.state).to.equal("running");
  });

  it("tells neither stacks nor paths of this machine of what it does not understand", async () => {
    for (const path of ["/api/runs/%E0%A4%A", "/api/", "/api/novel", "/novel"]) {
      const { status, text } = await fixture.ask(path);
      expect(status, path).to.be.oneOf([400, 404]);
      expect(text).not.to.match(/ at |\.ts|node:/);
      expect(JSON.parse(text)).to.have.nested.property("error.message");
    }
    const headers = await fixture.changing();
    for (const body of ["{", "[]", "null", "1"]) {
      const asking = { method: "POST", headers, body };
      expect(await statusOf("/api/runs/scans/retry", asking), body).to.equal(400);
    }
  });

  it("changes nothing where it is for reading alone", async () => {
    const runs = await RunsFixture.start();
    const writing = await runs.open({ drive: false });
    const run = await writing.start(request(10));
    const reading = await DashboardFixture.start(runs, { readOnly: true });
    try {
      const list = await reading.json<{ runs: { actions: string[] }[] }>("/api/runs");
      expect(list.runs[0]?.actions).to.deep.equal([]);
      expect((await reading.post("/api/runs/scans/pause")).status).to.equal(403);
      expect((await run.snapshot()).state).to.equal("running");
    } finally {
      await reading.close();
    }
  });
});
