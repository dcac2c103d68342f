import { DatabaseSync } from "node:sqlite";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { SqliteDatabase } from "../../../src/runs/journal/sqlite/sqlite-database.ts";
import { SqliteJournal } from "../../../src/runs/journal/sqlite/sqlite-journal.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { claimOne, intent, planRun, step } from "./planned-run.ts";

/** Of SQLite: 1 leaves the sync of the file to a later commit, 2 makes it with each. */
const [normal, full] = [1, 2];

describe("what the SQLite journal writes", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-journal-"));
    path = join(folder, "runs.db");
    await (await openJournal(`sqlite:${path}`)).close();
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("is on the disk at each commit, but for what the next one takes along", async () => {
    const database = new SqliteDatabase(new DatabaseSync(path), {
      ...{ journal: "sqlite:test", lockTimeoutMs: 0 },
    });
    const synchronous = (): number =>
      (database.get("pragma synchronous") as { synchronous: number }).synchronous;
    expect(await database.write(synchronous)).to.equal(full);
    expect(await database.writeSoon(synchronous)).to.equal(normal);
    expect(await database.write(synchronous)).to.equal(full);
    const failing = database.writeSoon(() => {
      throw new Error("no row");
    });
    expect(await rejection(failing)).to.have.property("message", "no row");
    expect(await database.write(synchronous)).to.equal(full);
    database.close();
  });

  it("is left for later with claims, their renewal and their return, and with nothing that tells of a submit", async () => {
    const soon: string[] = [];
    let method = "";
    class Watched extends SqliteDatabase {
      override async writeSoon<T>(work: () => T): Promise<T> {
        soon.push(method);
        return super.writeSoon(work);
      }
    }
    const options = { journal: "sqlite:test", lockTimeoutMs: 0 };
    await using journal = new SqliteJournal(new Watched(new DatabaseSync(path), options));
    const named = <T>(name: string, call: () => Promise<T>): Promise<T> => {
      method = name;
      return call();
    };
    await named("plan", () => planRun(journal));
    const claim = await named("claim", () => claimOne(journal));
    await named("renew", () => journal.renew("worker", 1e15));
    await named("beginAttempt", () => journal.beginAttempt(claim, intent()));
    await named("advance", () => journal.advance([step(claim, "running")]));
    await named("release", () => journal.release("worker"));
    expect(soon).to.deep.equal(["claim", "renew", "release"]);
  });
});
