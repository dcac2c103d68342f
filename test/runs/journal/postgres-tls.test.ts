import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import { runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { createSelfSigned } from "../../fixtures/self-signed.ts";
import { request } from "../runs-fixture.ts";
import { until, WorkersFixture } from "../../workers/workers-fixture.ts";

/** Whom the server runs as where the tests are run by root. */
const nobody = 65534;

describe("PostgreSQL journal over TLS", function () {
  this.timeout(25_000);
  let fixture: WorkersFixture;
  let folder: string;
  let certificateFile: string;

  before(async function () {
    fixture = await WorkersFixture.start();
    if (fixture.server.restart === undefined) this.skip();
    folder = await mkdtemp(join(tmpdir(), "vision-batch-tls-"));
    certificateFile = join(folder, "server.crt");
    const keyFile = join(folder, "server.key");
    const { certificate, key } = createSelfSigned();
    await writeFile(certificateFile, certificate);
    await writeFile(keyFile, key, { mode: 0o600 });
    if (process.getuid?.() === 0) {
      for (const path of [folder, certificateFile, keyFile]) await chown(path, nobody, nobody);
    }
    await configure({ ssl_cert_file: certificateFile, ssl_key_file: keyFile, ssl: "on" });
  });

  after(async () => {
    if (fixture.server.restart !== undefined) {
      await configure({ ssl: "off" });
      await rm(folder, { recursive: true });
    }
    await fixture.close();
  });

  /** Changes the server's settings while it runs. */
  async function configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const { url } = fixture.server;
    for (const [name, value] of Object.entries(settings)) {
      await runSql(url, `alter system set ${name} = '${value}'`);
    }
    await runSql(url, "select pg_reload_conf()");
    await until(async () => {
      const [row] = await runSql(url, "select current_setting('ssl') as ssl");
      return row?.["ssl"] === settings["ssl"];
    });
  }

  function urlWith(parameters: Readonly<Record<string, string>>): string {
    const url = new URL(fixture.url);
    url.hostname = "localhost";
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** How many of the connections to the database are encrypted, and how many are not. */
  async function connections(): Promise<{ encrypted: number; others: number }> {
    const name = new URL(fixture.url).pathname.slice(1);
    const [row] = await runSql(
      fixture.server.url,
      `select count(*) filter (where ssl)::int as encrypted,
         count(*) filter (where not ssl)::int as others
       from pg_stat_ssl join pg_stat_activity using (pid) where datname = '${name}'`,
    );
    return row as { encrypted: number; others: number };
  }

  it("is used where its certificate is known, or need not be", async () => {
    const sslrootcert = certificateFile;
    const ways = [
      { sslmode: "require", sslrootcert },
      { sslmode: "verify-full", sslrootcert },
      { sslmode: "no-verify" },
    ];
    for (const parameters of ways) {
      await using journal = await openPostgresJournal({ url: urlWith(parameters) });
      expect(await journal.listRuns({ limit: 1 })).to.be.empty;
      expect(await connections()).to.deep.equal({ encrypted: 1, others: 0 });
    }
  });

  it("is refused at once where its certificate is not known", async () => {
    for (const sslmode of ["require", "verify-full"]) {
      const error = await rejection(openPostgresJournal({ url: urlWith({ sslmode }) }));
      expect(error).to.include({ name: "JournalError", reason: "unavailable" });
      expect(String(error)).to.include("self-signed certificate");
    }
  });

  it("is what all connections of a worker are over", async () => {
    const journal = urlWith({ sslmode: "require", sslrootcert: certificateFile });
    const worker = await fixture.worker({ journal });
    expect(await connections()).to.include({ others: 0 });
    const service = await fixture.service();
    await service.start(request(20));
    await until(() => fixture.admin.submits().length === 2);
    await service.close();
    await until(async () => (await connections()).others === 0);
    expect((await connections()).encrypted).to.be.above(1);
    await worker.close();
  });
});
