import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { JournalError, type JournalErrorReason } from "../../../src/errors/index.ts";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import { schemaVersion } from "../../../src/runs/journal/postgres/schema.ts";
import { startCommitProxy, type CommitFault } from "../../fixtures/commit-proxy.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { claimAll, claimOf, claimOne, epochMs, intent, noLimits } from "./planned-run.ts";
import { makeChunks, planRun, step } from "./planned-run.ts";

describe("PostgreSQL journal, when something is wrong", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let url: string;

  beforeEach(async () => {
    database = await createDatabase();
    ({ url } = database);
  });

  afterEach(() => database.drop());

  /** The URL with something of it changed. */
  function changed(parts: Partial<Pick<URL, "port" | "password" | "pathname">>): string {
    return Object.assign(new URL(url), parts).href;
  }

  async function expectError(
    promise: Promise<unknown>,
    reason: JournalErrorReason,
  ): Promise<JournalError> {
    const error = (await rejection(promise)) as JournalError;
    expect(error).to.be.instanceOf(JournalError);
    expect(error.reason, error.message).to.equal(reason);
    return error;
  }

  describe("with the connection", () => {
    const writes: Readonly<Record<string, (journal: Journal) => Promise<unknown>>> = {
      createRun: async (journal) => {
        const { created } = await journal.createRun({
          ...{ id: "new", scope: "", options: {}, settings: {}, nowMs: epochMs },
        });
        expect(created).to.be.true;
      },
      claim: async (journal) => {
        expect(await claimAll(journal)).to.have.length(2);
      },
      beginAttempt: async (journal) => {
        const claim = await claimOne(journal);
        expect(await journal.beginAttempt(claim, intent())).to.have.property("gate", "begun");
        expect(await journal.listAttempts({ run: claim.run, limit: 9 })).to.have.length(1);
      },
      advance: async (journal) => {
        const claim = await claimOne(journal);
        expect(await journal.advance([step(claim, "planned", { release: true })])).to.eql([true]);
        const events = await journal.listEvents({ run: claim.run, chunk: 0, limit: 9 });
        expect(events).to.have.length(1);
      },
      appendPlan: async (journal) => {
        const options = { options: {}, settings: {}, nowMs: epochMs };
        const { run } = await journal.createRun({ id: "new", scope: "", ...options });
        const part = { run: run.key, chunks: makeChunks(3), nowMs: epochMs };
        expect(await journal.appendPlan(part)).to.be.true;
        expect(await journal.readRun(run.key)).to.include({ chunks: 3 });
      },
    };

    for (const [method, write] of Object.entries(writes)) {
      for (const fault of ["before", "after"] as const) {
        it(`finds out what became of ${method} where it is cut ${fault} the commit`, async () => {
          const proxy = await startCommitProxy(database.server.port);
          try {
            await using journal = await openJournal(changed({ port: String(proxy.port) }));
            await planRun(journal, { count: 2 });
            proxy.faults.push(...Array<CommitFault>(3).fill(fault));
            await write(journal);
            expect(proxy.faults.length, "no commit was cut").to.be.below(3);
          } finally {
            await proxy.close();
          }
        });
      }
    }

    it("goes on when the server was killed and started again, and has lost nothing", async function () {
      const { restart } = database.server;
      if (restart === undefined) return;
      await using journal = await openJournal(url);
      const { key } = await planRun(journal, { count: 20 });
      const claims = (await claimAll(journal)).map(claimOf);
      let polls = 0;
      const over = new AbortController();
      const writing = (async () => {
        while (!over.signal.aborted) {
          polls++;
          const written = await journal.advance(
            claims.map((claim) => step(claim, "planned", { progress: { polls } })),
          );
          expect(written).not.to.include(false);
        }
      })();
      for (let round = 0; round < 3; round++) await restart();
      over.abort();
      await writing;
      const listed = await journal.listChunks({ run: key, limit: 100 });
      expect(new Set(listed.map(({ chunk }) => chunk.polls))).to.deep.equal(new Set([polls]));
      const events = await journal.listEvents({ run: key, limit: 1e6 });
      expect(events, "a batch was written twice or never").to.have.length(2 + 20 * polls);
    });

    it("loses nothing that was written when its writer is killed in the middle of a batch", async () => {
      const told = await killWriter(url, 5);
      await using journal = await openJournal(url);
      const run = await journal.findRun("run");
      const chunks = await journal.listChunks({ run: run!.key, limit: 1000 });
      const polls = new Set(chunks.map(({ chunk }) => chunk.polls));
      expect(polls.size, "a batch was written in part").to.equal(1);
      expect([...polls][0]).to.be.at.least(told);
      const events = await journal.listEvents({ run: run!.key, limit: 1e6 });
      expect(events.length).to.equal(2 + 100 * [...polls][0]!);
    });

    it("says at once when it is opened that a server cannot be reached, and later after a time", async () => {
      await expectError(openJournal(changed({ port: "1" })), "unavailable");
      const proxy = await startCommitProxy(database.server.port);
      const through = changed({ port: String(proxy.port) });
      await using journal = await openPostgresJournal({ url: through, outageMs: 20 });
      await proxy.close();
      await expectError(journal.listRuns({ limit: 1 }), "unavailable");
      await expectError(claimAll(journal), "unavailable");
    });

    it("refuses everything once it is closed, and what waits for the server then", async () => {
      const proxy = await startCommitProxy(database.server.port);
      const journal = await openJournal(changed({ port: String(proxy.port) }));
      await proxy.close();
      const waiting = expectError(journal.listRuns({ limit: 1 }), "closed");
      await new Promise((resolve) => setTimeout(resolve, 5));
      await journal.close();
      await journal.close();
      await waiting;
      await expectError(journal.listRuns({ limit: 1 }), "closed");
    });
  });

  describe("with what it is told", () => {
    it("never shows the password", async () => {
      const password = "very-secret-indeed";
      const wrong = [
        changed({ password }),
        changed({ password, port: "1" }),
        `postgres://me:${password}@127.0.0.1:port/x`,
        `${changed({ password })}?schema=pg_mine`,
        `postgress://me:${password}@127.0.0.1/x`,
      ];
      for (const journal of wrong) {
        const error = (await rejection(openJournal(journal))) as JournalError;
        expect(error).to.be.instanceOf(JournalError);
        const { message, journal: name, stack } = error;
        for (const text of [message, name, stack, JSON.stringify(error), String(error.cause)]) {
          expect(text).not.to.include(password);
        }
      }
    });

    it("says that a database or a journal is not there, and writes where it has to be asked for", async () => {
      await expectError(openJournal(changed({ pathname: "/nowhere" })), "notFound");
      await expectError(openJournal(url, { create: false }), "notFound");
      expect(await runSql(url, "select 1 from pg_namespace where nspname = 'vision_batch'")).to.be
        .empty;
      await (await openJournal(url)).close();
      await runSql(
        url,
        `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
      );
      await using journal = await openJournal(url, { create: false });
      await planRun(journal);
    });

    it("refuses the journal of a later release, and the schema of another program", async () => {
      await (await openJournal(url)).close();
      await runSql(url, "insert into vision_batch.journal_version (version) values (99)");
      const error = await expectError(openJournal(url), "newer");
      expect(error.message).to.match(/schema 99.*update vision-batch/);
      await runSql(url, "create schema theirs; create table theirs.mine (x integer)");
      await expectError(openJournal(`${url}?schema=theirs`), "corrupt");
    });

    it("lets a process end at once that has no password, or another one", async function () {
      if (database.server.restart === undefined) this.skip();
      const script = join(import.meta.dirname, "refused-process.ts");
      for (const password of ["", "another"]) {
        const refused = new URL(url);
        refused.password = password;
        const child = spawn(process.execPath, [script, refused.href], { stdio: "inherit" });
        expect(await once(child, "close")).to.deep.equal([0, null]);
      }
    }).timeout(20_000);

    it("is made once, however many come first", async () => {
      const opened = await Promise.all(Array.from({ length: 8 }, () => openJournal(url)));
      const [first, second] = opened;
      await planRun(first!);
      expect(await second!.findRun("run")).to.include({ state: "running" });
      for (const journal of opened) await journal.close();
      expect(await runSql(url, "select version from vision_batch.journal_version")).to.deep.equal([
        ...Array.from({ length: schemaVersion }, (_, index) => ({ version: index + 1 })),
      ]);
    });

    it("keeps journals of several schemas apart, whatever their names", async () => {
      await using one = await openJournal(`${url}?schema=one`);
      await using other = await openPostgresJournal({ url, schema: 'An "other"; one' });
      await planRun(one);
      expect(await other.listRuns({ limit: 9 })).to.be.empty;
      await planRun(other);
      expect(await other.listRuns({ limit: 9 })).to.have.length(1);
    });
  });

  describe("with others", () => {
    it("says that it is locked when they do not let go", async () => {
      await using journal = await openPostgresJournal({ url, lockTimeoutMs: 20 });
      const { key } = await planRun(journal);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      await other.query("begin; select * from vision_batch.run for update");
      const change = { from: ["running"], to: "paused", nowMs: epochMs } as const;
      await expectError(journal.changeRun(key, change), "locked");
      await other.end();
      expect(await journal.changeRun(key, change)).to.include({ state: "paused" });
    });

    it("keeps all of them together within the limits", async () => {
      const journals = await Promise.all(Array.from({ length: 4 }, () => openJournal(url)));
      const [first] = journals;
      await planRun(first!, { count: 40 });
      const claims = (await claimAll(first!)).map(claimOf);
      const limits = { ...noLimits, maxImagesInProcessing: 70 };
      const gates = await Promise.all(
        claims.map((claim, index) =>
          journals[index % journals.length]!.beginAttempt(claim, intent({ limits })),
        ),
      );
      expect(gates.filter(({ gate }) => gate === "begun")).to.have.length(7);
      expect(gates.filter(({ gate }) => gate === "wait")).to.have.length(33);
      for (const journal of journals) await journal.close();
    });

    it("locks the pace of several scopes in one order, whatever order steps come in", async () => {
      await using journal = await openPostgresJournal({ url });
      const steps = [];
      for (const scope of ["b", "a"]) {
        await planRun(journal, { id: scope, scope });
        const claim = await claimOne(journal);
        await journal.beginAttempt(claim, intent());
        steps.push(step(claim, "running", { flow: { rateFactor: 0.5 } }));
      }
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      await other.query("begin; select 1 from vision_batch.flow where scope = 'a' for update");
      const advanced = journal.advance(steps);
      const waiting = "select 1 from pg_locks where not granted and locktype = 'transactionid'";
      while ((await runSql(url, waiting)).length === 0);
      const free = "select 1 from vision_batch.flow where scope = 'b' for update nowait";
      expect(await runSql(url, free)).to.have.length(1);
      await other.end();
      expect(await advanced).to.deep.equal([true, true]);
    });

    it("lets no submit begin once a pause has", async () => {
      const [submitting, pausing] = [await openJournal(url), await openJournal(url)];
      const { key } = await planRun(submitting, { count: 80 });
      const claims = (await claimAll(submitting)).map(claimOf);
      const submits = Array.from({ length: 5 }, async () => {
        for (;;) {
          const claim = claims.pop();
          if (claim === undefined) return;
          const { gate } = await submitting.beginAttempt(claim, intent());
          if (gate === "stopped") return;
        }
      });
      const change = { from: ["running"], to: "paused", nowMs: epochMs } as const;
      await pausing.changeRun(key, change);
      await Promise.all(submits);
      const types = (await pausing.listEvents({ run: key, limit: 1000 })).map(({ type }) => type);
      expect(types.lastIndexOf("submitting")).to.be.below(types.indexOf("state"));
      for (const journal of [submitting, pausing]) await journal.close();
    });

    it("changes many chunks from both ends without an error", async () => {
      const [one, other] = [await openJournal(url), await openJournal(url)];
      const { key } = await planRun(one, { count: 200 });
      const claims = (await claimAll(one, { limit: 200 })).map(claimOf);
      const steps = claims.map((claim) => step(claim, "planned", { progress: { dueMs: epochMs } }));
      const results = await Promise.all([
        one.advance(steps),
        other.advance([...steps].reverse()),
        one.renew("worker", epochMs + 1e6),
        other.release("worker", [...claims].reverse().slice(100)),
        one.cancelRun(key, epochMs),
      ]);
      expect(results[4]).to.include({ state: "cancelling" });
      const chunks = await one.listChunks({ run: key, states: ["cancelled"], limit: 300 });
      expect(chunks).to.have.length(200);
      for (const journal of [one, other]) await journal.close();
    });

    it("writes with a change what is to be written with it, or neither", async () => {
      await runSql(url, "create table queue (method text)");
      let isFull = false;
      await using journal = await openPostgresJournal({
        url,
        beforeCommit: async ({ method, args }, client) => {
          await client.query("insert into queue values ($1)", [`${method} ${args.length}`]);
          if (isFull) throw new Error("no room in the queue");
        },
      });
      const { key } = await planRun(journal);
      isFull = true;
      const paused = { from: ["running"], to: "paused", nowMs: epochMs } as const;
      expect(await rejection(journal.changeRun(key, paused))).to.have.property(
        "message",
        "no room in the queue",
      );
      expect(await journal.readRun(key)).to.include({ state: "running" });
      expect(await runSql(url, "select method from queue")).to.deep.equal(
        ["createRun 1", "appendPlan 1", "commitPlan 1"].map((method) => ({ method })),
      );
    });

    const lost = {
      "whose connection is ended": "select pg_terminate_backend(pg_backend_pid())",
      "that others are in the way of": "do $$ begin raise sqlstate '40P01'; end $$",
    };
    for (const [what, sql] of Object.entries(lost)) {
      it(`tries again a change ${what} while that is written`, async () => {
        await runSql(url, "create table queue (method text)");
        let isLost = false;
        await using journal = await openPostgresJournal({
          url,
          beforeCommit: async ({ method }, client) => {
            await client.query("insert into queue values ($1)", [method]);
            if (!isLost) return;
            isLost = false;
            await client.query(sql);
          },
        });
        const { key } = await planRun(journal);
        isLost = true;
        const paused = { from: ["running"], to: "paused", nowMs: epochMs } as const;
        expect(await journal.changeRun(key, paused)).to.include({ state: "paused" });
        const written = await runSql(url, "select method from queue where method = 'changeRun'");
        expect(written).to.have.length(1);
      });
    }
  });
});

/** Kills a writer after it told of some batches; tells the last that it told of. */
async function killWriter(url: string, batches: number): Promise<number> {
  const script = join(import.meta.dirname, "batch-writer.ts");
  const child = spawn(process.execPath, [script, url], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise((resolve) => child.once("close", resolve));
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line);
    if (told >= batches) child.kill("SIGKILL");
  }
  await closed;
  return told;
}
