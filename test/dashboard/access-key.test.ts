import { expect } from "chai";
import type { ErrorAnswer } from "../../src/dashboard/dashboard-data.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { DashboardFixture } from "./dashboard-fixture.ts";

describe("the key of the dashboard", () => {
  let fixture: DashboardFixture;
  let url: URL;
  let cookieName: string;

  beforeEach(async () => {
    const runs = await RunsFixture.start();
    const writing = await runs.open({ drive: false });
    await writing.start(request(10));
    fixture = await DashboardFixture.start(runs);
    url = new URL(fixture.dashboard.url);
    cookieName = `vision-batch-${url.port}`;
  });

  afterEach(() => fixture.close());

  /** Who was given no cookie yet. */
  const stranger = { cookie: "" };

  it("goes from the URL into a cookie that only this server is to be shown", async () => {
    expect(url.searchParams.get("key")).to.match(/^[\w-]{43}$/);
    const { status, headers, text } = await fixture.ask(url.pathname + url.search, {
      headers: { ...stranger, "sec-fetch-site": "none" },
    });
    expect(status).to.equal(303);
    expect(headers.location).to.equal("/");
    expect(text).to.equal("");
    const [cookie = "", ...more] = headers["set-cookie"] ?? [];
    expect(more).to.deep.equal([]);
    const [pair = "", ...attributes] = cookie.split("; ");
    expect(attributes).to.have.members(["HttpOnly", "SameSite=Strict", "Path=/"]);
    expect(pair.split("=")[0]).to.equal(cookieName);
    expect((await fixture.ask("/", { headers: { cookie: pair } })).status).to.equal(200);
    const among = { cookie: `other=1; ${cookieName}=old; ${pair}; last=2` };
    expect((await fixture.ask("/api/runs", { headers: among })).status).to.equal(200);
  });

  it("is another one for each server", async () => {
    const other = await DashboardFixture.start(await RunsFixture.start());
    try {
      expect(new URL(other.dashboard.url).search).not.to.equal(url.search);
      const cookie = fixture.cookie.replace(cookieName, other.cookie.split("=")[0] ?? "");
      expect((await other.ask("/api/runs", { headers: { cookie } })).status).to.equal(401);
    } finally {
      await other.close();
    }
  });

  it("is asked of everybody for everything, and nothing is read before", async () => {
    const headers = { ...(await fixture.changing()), ...stranger };
    const key = url.searchParams.get("key") ?? "";
    const reading = ["/", "/assets/dashboard.js", "/assets/dashboard.css", "/novel", "/api/novel"];
    const data = ["session", "runs", "runs/scans", "runs/scans/chunks", "workers", "events"];
    const bad = [
      ...["", `${cookieName}=`, `${cookieName}=${key}a`, `${cookieName}=${key.slice(1)}`],
      ...[`vision-batch-1=${key}`, key, `${cookieName}="${key}"`],
    ];
    fixture.calls.length = 0;
    for (const cookie of bad) {
      for (const path of [...reading, ...data.map((each) => `/api/${each}`)]) {
        const { status } = await fixture.ask(path, { headers: { cookie } });
        expect(status, `${path} with ${cookie}`).to.equal(401);
      }
      const asking = { method: "POST", headers: { ...headers, cookie }, body: "{}" };
      for (const path of ["runs/scans/pause", "runs/scans/chunks/0/decide"]) {
        expect((await fixture.ask(`/api/${path}`, asking)).status).to.equal(401);
      }
    }
    for (const query of ["?key=", `?key=${key}a`, `?key=${key.toLowerCase()}`, `?Key=${key}`]) {
      const { status, headers: given } = await fixture.ask(`/${query}`, { headers: stranger });
      expect(status, query).to.equal(401);
      expect(given).not.to.have.property("set-cookie");
    }
    // It is for the page alone: what a page asks for brings the cookie.
    expect((await fixture.ask(`/api/runs${url.search}`, { headers: stranger })).status).to.equal(
      401,
    );
    for (const method of ["HEAD", "OPTIONS", "PUT", "POST"]) {
      const { status } = await fixture.ask(`/${url.search}`, { method, headers: stranger });
      expect(status, method).to.equal(401);
    }
    expect(fixture.calls).to.deep.equal([]);
  });

  it("is asked for in words, which say where it is found", async () => {
    const page = await fixture.ask("/", { headers: stranger });
    expect(page.headers["content-type"]).to.contain("text/html");
    expect(page.text).to.contain("runs watch ID --web").and.contain("<h1>");
    expect(page.headers["content-security-policy"]).to.contain("default-src 'none'");
    const data = await fixture.ask("/api/runs", { headers: stranger });
    expect(data.headers["content-type"]).to.equal("application/json");
    expect((JSON.parse(data.text) as ErrorAnswer).error.message).to.contain("another key");
    for (const { text } of [page, data]) expect(text).not.to.contain(fixture.cookie.split("=")[1]);
  });

  it("is taken from the link of another site too, without a redirection that would lose the cookie", async () => {
    const headers = { ...stranger, "sec-fetch-site": "cross-site" };
    const {
      status,
      text,
      headers: given,
    } = await fixture.ask(url.pathname + url.search, { headers });
    expect(status).to.equal(200);
    expect(text).to.contain('http-equiv="refresh" content="0; url=/"');
    expect(given["set-cookie"]?.[0]).to.contain(fixture.cookie);
  });

  it("comes after the name of the server", async () => {
    const headers = { ...stranger, host: `example.com:${url.port}` };
    expect((await fixture.ask(url.pathname + url.search, { headers })).status).to.equal(421);
  });
});
