import { expect } from "chai";
import type { Claim } from "../../../src/runs/journal/chunk-record.ts";
import type { FlowLimits } from "../../../src/runs/journal/flow-record.ts";
import { openPostgresJournal } from "../../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../../../src/runs/journal/postgres/postgres-journal.ts";
import { createDatabase, runSql } from "../../fixtures/postgres-server.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { claimAll, claimOf, epochMs, intent, noLimits, planRun } from "./planned-run.ts";

describe("submits of a PostgreSQL journal that are asked for together", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const journals: PostgresJournal[] = [];

  beforeEach(async () => {
    database = await createDatabase();
    for (let index = 0; index < 2; index++) {
      journals.push(await openPostgresJournal({ url: database.url }));
    }
  });

  afterEach(async () => {
    for (const journal of journals.splice(0)) await journal.close();
    await database.drop();
  });

  async function claims(count: number, worker = "worker"): Promise<readonly Claim[]> {
    return (await claimAll(journals[0]!, { limit: count, worker })).map(claimOf);
  }

  async function ask(
    journal: PostgresJournal,
    asking: readonly Claim[],
    limits: Partial<FlowLimits> = {},
  ): Promise<string[]> {
    const gates = await Promise.all(
      asking.map((claim) =>
        journal.beginAttempt(claim, intent({ limits: { ...noLimits, ...limits } })),
      ),
    );
    return gates.map(({ gate }) => gate);
  }

  async function transactions(): Promise<number> {
    const [row] = await runSql(
      database.url,
      "select sum(last)::integer as count from vision_batch.writer",
    );
    return row?.["count"] as number;
  }

  it("are begun in one transaction, each as an attempt of its own", async () => {
    const { key: run } = await planRun(journals[0]!, { count: 5 });
    await planRun(journals[0]!, { id: "other", scope: "project", count: 3 });
    const asking = await claims(8);
    const before = await transactions();
    expect(await ask(journals[0]!, asking)).to.deep.equal(Array(8).fill("begun"));
    expect((await transactions()) - before).to.equal(1);
    const attempts = await journals[0]!.listAttempts({ run, limit: 10 });
    expect(attempts.map(({ number, attempt }) => [number, attempt])).to.deep.equal(
      [0, 1, 2, 3, 4].map((number) => [number, 1]),
    );
    const { chunk } = (await journals[0]!.readChunk({ run, number: 4 }))!;
    expect(chunk).to.include({ state: "submitting", attempt: 1, dueMs: epochMs });
    expect(await journals[0]!.listEvents({ run, chunk: 4, limit: 9 })).to.have.length(1);
  });

  it("find no more room together than one after the other, beside those of other workers", async () => {
    await planRun(journals[0]!, { count: 8 });
    const [mine, theirs] = [await claims(4), await claims(4, "other")];
    const limits = { maxImagesInProcessing: 50 };
    const gates = await Promise.all([
      ask(journals[0]!, mine, limits),
      ask(journals[1]!, theirs, limits),
    ]);
    expect(gates.flat().filter((gate) => gate === "begun")).to.have.length(5);
  });

  it("take the turns of a second at once, and no more", async () => {
    await planRun(journals[0]!, { count: 8 });
    const gates = await ask(journals[0]!, await claims(8), { requestsPerMinute: 120 });
    expect(gates).to.deep.equal([
      ...Array<string>(3).fill("begun"),
      ...Array<string>(5).fill("wait"),
    ]);
  });

  it("do not fail where one of them does", async () => {
    const { key: run } = await planRun(journals[0]!, { count: 3 });
    const [first, second, third] = await claims(3);
    await ask(journals[0]!, [first!]);
    const lost = { ...third!, fence: 99 };
    const again = rejection(journals[0]!.beginAttempt(first!, intent()));
    const gates = await ask(journals[0]!, [second!, lost]);
    expect(gates).to.deep.equal(["begun", "lost"]);
    expect(String(await again)).to.include("it cannot be submitted");
    expect(await journals[0]!.listAttempts({ run, limit: 9 })).to.have.length(2);
  });
});
