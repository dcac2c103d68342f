import { expect } from "chai";
import pg from "pg";
import { JobListener } from "../../src/workers/job-listener.ts";
import { createDatabase, runSql } from "../fixtures/postgres-server.ts";
import { startCuttableProxy } from "../fixtures/cuttable-proxy.ts";
import { rejection } from "../fixtures/rejection.ts";
import { until } from "./workers-fixture.ts";

describe("listening for jobs", function () {
  this.timeout(20_000);
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const heard: string[] = [];
  const lost: Error[] = [];
  let connected = 0;

  beforeEach(async () => {
    database = await createDatabase();
    connected = heard.length = lost.length = 0;
  });

  afterEach(() => database.drop());

  function listen(connectionString = database.url): Promise<JobListener> {
    return JobListener.start({
      makeClient: (config) => new pg.Client({ connectionString, ...config }),
      channel: 'of "jobs"',
      onNotification: (payload) => heard.push(payload),
      onReconnect: () => connected++,
      onLost: (error) => lost.push(error),
    });
  }

  const tell = (text: string) => runSql(database.url, `select pg_notify('of "jobs"', '${text}')`);

  it("tells of what is said in the channel, over the next connection where one is ended", async () => {
    const listener = await listen();
    await tell("one");
    await until(() => heard.length === 1);
    await runSql(
      database.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'",
    );
    await until(() => connected === 2);
    await tell("two");
    await until(() => heard.length === 2);
    expect(heard).to.deep.equal(["one", "two"]);
    expect(lost.map(({ message }) => message).join()).to.include("administrator command");
    await listener.close();
  });

  it("ends quietly while the server goes away, over and over, and listens to nobody then", async function () {
    const { restart } = database.server;
    if (restart === undefined) this.skip();
    for (let round = 0; round < 5; round++) {
      const listener = await listen();
      const restarted = restart();
      await listener.close();
      await restarted;
    }
    expect(connected).to.equal(5);
    expect(lost).to.deep.equal([]);
  });

  it("ends though nothing is answered, neither by the server it listens to nor by one that is to let it in", async () => {
    for (const isLost of [false, true]) {
      const proxy = await startCuttableProxy(database.server.port);
      const url = new URL(database.url);
      url.port = String(proxy.port);
      const listener = await listen(url.href);
      if (isLost) proxy.cut();
      proxy.silence();
      if (isLost) await proxy.restore(database.server.port);
      await listener.close();
      proxy.close();
    }
    expect(connected).to.equal(2);
  });

  it("fails where there is no connection to begin with", async () => {
    const nowhere = new URL(database.url);
    nowhere.pathname = "/nowhere";
    expect(await rejection(listen(nowhere.href))).to.have.property("code", "3D000");
  });
});
