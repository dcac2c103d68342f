import { expect } from "chai";
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
});
