import { expect } from "chai";
import { endLimitMs } from "../../src/cli/commands/worker.ts";
import { PostgresProcess } from "../../scripts/postgres/postgres-process.ts";
import { openDashboardUrl } from "../dashboard/dashboard-fixture.ts";
import { startCuttableProxy } from "../fixtures/cuttable-proxy.ts";
import { createDatabase, type PostgresServer } from "../fixtures/postgres-server.ts";
import { startCli } from "./spawn-cli.ts";

/** From the message on: what a process takes to start is none of this. */
const limitMs = 2000;

describe("vision-batch and a PostgreSQL that it cannot use", function () {
  this.timeout(60_000);
  let database: { readonly url: string; readonly server: PostgresServer; drop(): Promise<void> };

  before(async () => {
    database = await createDatabase();
  });

  after(() => database.drop());

  const withPassword = (password: string): string => {
    const url = new URL(database.url);
    url.password = password;
    return url.href;
  };

  for (const [what, password] of [
    ["a wrong password", "wrong"],
    ["no password", ""],
  ] as const) {
    for (const command of [["runs", "list"], ["worker"]]) {
      it(`ends ${command.join(" ")} soon after it has told of ${what}`, async () => {
        const args = [...command, "--journal", withPassword(password)];
        const running = startCli(args, { env: { PGPASSFILE: "/nowhere" } });
        await running.says("vision-batch: journal postgres");
        const toldMs = performance.now();
        const { code, stderr } = await running.ended;
        expect(code, stderr).to.equal(3);
        expect(performance.now() - toldMs).to.be.below(limitMs);
        expect(stderr).to.not.contain("wrong");
      });
    }
  }

  it("ends a worker by SIGTERM within the limit, though the database is gone", async () => {
    await using server = await PostgresProcess.start();
    const worker = startCli(["worker", "--journal", server.url, "--drain", "1"]);
    try {
      await worker.says("the worker takes jobs");
      await server[Symbol.asyncDispose]();
      const toldMs = performance.now();
      worker.child.kill("SIGTERM");
      const { code, stderr } = await worker.ended;
      expect(code, stderr).to.be.oneOf([0, 3]);
      expect(performance.now() - toldMs).to.be.below(
        endLimitMs({ closeTimeoutMs: 1000 }) + limitMs,
      );
    } finally {
      worker.child.kill("SIGKILL");
    }
  });

  it("ends a worker by SIGTERM within the limit, though the database is silent and its dashboard reads", async () => {
    const proxy = await startCuttableProxy(database.server.port);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const args = ["worker", "--journal", url.href, "--drain", "1", "--dashboard-port", "0"];
    const worker = startCli(args);
    try {
      await worker.says("the dashboard is served");
      const page = /"url":"(http:[^"]+)"/.exec(worker.said().stderr)?.[1] ?? "";
      const headers = { cookie: await openDashboardUrl(page) };
      proxy.silence();
      // Its answer begins before the journal is read.
      const events = await fetch(new URL("/api/events", page), { headers });
      expect(events.status).to.equal(200);
      const toldMs = performance.now();
      worker.child.kill("SIGTERM");
      const { code, stderr } = await worker.ended;
      expect(code, stderr).to.be.oneOf([0, 3]);
      expect(performance.now() - toldMs).to.be.below(
        endLimitMs({ closeTimeoutMs: 1000 }) + limitMs,
      );
      await events.text().catch(() => undefined);
    } finally {
      worker.child.kill("SIGKILL");
      proxy.close();
    }
  });
});
