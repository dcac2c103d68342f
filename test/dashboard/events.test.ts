import { expect } from "chai";
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { JournalError, type Runs } from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { DashboardFixture, type JournalFailure } from "./dashboard-fixture.ts";
import { ManualClock } from "./manual-clock.ts";

describe("the events of the dashboard", () => {
  let fixture: DashboardFixture;
  let writing: Runs;
  let clock: ManualClock;
  const fail: JournalFailure = {};

  beforeEach(async () => {
    delete fail.error;
    delete fail.isSilent;
    clock = new ManualClock();
    const runs = await RunsFixture.start();
    writing = await runs.open({ drive: false });
    await writing.start(request(10));
    fixture = await DashboardFixture.start(runs, { clock }, fail);
  });

  afterEach(() => fixture.close());

  /** How often the list of runs was read. */
  function looks(): number {
    return fixture.calls.filter((name) => name === "listRuns").length;
  }

  /** One who looks waits for the next look and for the next beat. */
  async function rested(): Promise<void> {
    await until(() => clock.sleeping === 2);
  }

  it("reads nothing and has no timer while nobody looks", async () => {
    await turn();
    clock.pass(100_000);
    expect(fixture.calls).to.deep.equal([]);
    expect(clock.sleeping).to.equal(0);
    const page = await fixture.listen();
    await page.next("runs");
    await rested();
    page.leave();
    await until(() => clock.sleeping === 0);
    fixture.calls.length = 0;
    clock.pass(100_000);
    await turn();
    expect(fixture.calls).to.deep.equal([]);
  });

  it("tells all at first and then what has changed, when it is read, once a second", async () => {
    const page = await fixture.listen();
    expect(page.response.headers.get("content-type")).to.equal("text/event-stream");
    expect(await page.block()).to.match(/^retry: \d+$/);
    const first = await page.next("runs");
    expect(first.runs.map(({ id, state }) => `${id} ${state}`)).to.deep.equal(["scans running"]);
    expect((await page.next("workers")).workers).to.deep.equal([]);
    expect((await page.next("throughput")).points).to.have.length(1);
    await rested();
    await writing.start(request(20, { id: "more" }));
    await rested();
    expect(looks()).to.equal(1);
    clock.pass(1000);
    const second = await page.next("runs");
    expect(second.runs.map(({ id }) => id)).to.deep.equal(["more"]);
    expect(second.removed).to.deep.equal([]);
    await rested();
    await writing.pause("more");
    await writing.remove("more");
    clock.pass(1000);
    expect((await page.next("runs")).removed).to.deep.equal(["more"]);
    expect(looks()).to.equal(3);
    page.leave();
  });

  it("is one reader for all who look", async () => {
    const pages = [await fixture.listen(), await fixture.listen(), await fixture.listen()];
    for (const page of pages) await page.next("runs");
    await rested();
    const before = looks();
    clock.pass(1000);
    await until(() => looks() > before);
    await rested();
    expect(looks()).to.equal(before + 1);
    pages[0]?.leave();
    pages[1]?.leave();
    await writing.pause("scans");
    clock.pass(1000);
    expect((await pages[2]?.next("runs"))?.runs[0]?.state).to.equal("paused");
    pages[2]?.leave();
  });

  it("tells all of the run that is looked at, and when it goes", async () => {
    const page = await fixture.listen("?run=scans");
    const detail = await page.next("run");
    expect(detail).to.include({ id: "scans", state: "running" });
    expect(detail.events.map(({ type }) => type)).to.include.members(["created", "planned"]);
    await rested();
    await writing.pause("scans");
    clock.pass(1000);
    const paused = await page.next("run");
    expect(paused.state).to.equal("paused");
    expect(paused.events[0]?.text).to.equal("the run is paused");
    await rested();
    await writing.remove("scans");
    clock.pass(1000);
    expect(await page.next("gone")).to.deep.equal({ run: "scans" });
    page.leave();
  });

  it("does not say that a run is gone which it has not looked for yet", async () => {
    const page = await fixture.listen();
    await page.next("runs");
    const other = await fixture.listen("?run=scans");
    for (let block = ""; !block.startsWith("event: run\n");) {
      block = await other.block();
      expect(block).not.to.contain("event: gone");
    }
    page.leave();
    other.leave();
  });

  it("tells at once of what was done from a page", async () => {
    const page = await fixture.listen();
    await page.next("runs");
    await rested();
    expect((await fixture.post("/api/runs/scans/pause")).status).to.equal(200);
    expect((await page.next("runs")).runs[0]?.state).to.equal("paused");
    page.leave();
  });

  it("gives signs of life where nothing changes", async () => {
    const page = await fixture.listen();
    await page.next("throughput");
    await rested();
    clock.pass(15_000);
    for (let block = ""; block !== ": beat";) block = await page.block();
    page.leave();
  });

  it("tells of a journal that cannot be read, and goes on once it can", async () => {
    const page = await fixture.listen();
    expect(await page.next("journal")).not.to.have.property("error");
    await page.next("throughput");
    await rested();
    fail.error = new JournalError("it is locked", { reason: "locked", journal: "sqlite:runs.db" });
    clock.pass(1000);
    expect((await page.next("journal")).error?.code).to.equal("locked");
    await rested();
    delete fail.error;
    await writing.pause("scans");
    clock.pass(1000);
    expect(await page.next("journal")).not.to.have.property("error");
    expect((await page.next("runs")).runs[0]?.state).to.equal("paused");
    page.leave();
  });

  it("tells of a journal that does not answer", async () => {
    const page = await fixture.listen();
    expect(await page.next("journal")).not.to.have.property("error");
    await page.next("throughput");
    await rested();
    fail.isSilent = true;
    const before = looks();
    const askedMs = clock.now() + 1000;
    clock.pass(1000);
    await until(() => looks() > before);
    clock.pass(15_000);
    const { error } = await page.next("journal");
    expect(error?.message).to.contain(`not answered since ${new Date(askedMs).toISOString()}`);
    page.leave();
    delete fail.isSilent;
  });

  it("lets only so many look at a time", async () => {
    const pages = await Promise.all(Array.from({ length: 32 }, () => fixture.listen()));
    expect(pages.every(({ response }) => response.status === 200)).to.equal(true);
    const refused = await fixture.ask("/api/events");
    expect(refused.status).to.equal(503);
    expect(refused.headers["retry-after"]).to.equal("5");
    for (const page of pages) page.leave();
    await until(() => clock.sleeping === 0);
  });

  it("lets go of who asked twice over one connection and went", async () => {
    const { host, port } = new URL(fixture.dashboard.url);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    const { cookie } = fixture;
    const asked = `GET /api/events HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`;
    socket.write(asked + asked);
    await once(socket, "data");
    await rested();
    socket.destroy();
    await until(() => clock.sleeping === 0);
  });

  it("ends all who look when it is closed", async () => {
    const page = await fixture.listen();
    await page.next("runs");
    await fixture.dashboard.close();
    const { message } = await page.next("gone").then(
      () => new Error("it goes on"),
      (error: unknown) => error as Error,
    );
    expect(message).not.to.equal("it goes on");
    await until(() => clock.sleeping === 0);
    await fixture.dashboard.close();
  });
});
