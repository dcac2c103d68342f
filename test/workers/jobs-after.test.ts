import { expect } from "chai";
import type { ClientBase } from "pg";
import type { JournalWrite } from "../../src/runs/journal/postgres/journal-write.ts";
import { openPostgresJournal } from "../../src/runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../../src/runs/journal/postgres/postgres-journal.ts";
import { jobsAfter } from "../../src/workers/job-writer.ts";
import type { NewJob } from "../../src/workers/queues.ts";
import { createDatabase } from "../fixtures/postgres-server.ts";
import {
  claimAll,
  claimOf,
  claimOne,
  counts,
  epochMs,
  intent,
  makeChunks,
  operation,
  planRun,
  step,
  submit,
} from "../runs/journal/planned-run.ts";

/** A chunk that somebody may claim, or whose records somebody may hand on. */
interface OpenRow {
  readonly run: number;
  readonly number: number;
  readonly state: string;
  readonly fence: number;
  readonly due: number | null;
  readonly undelivered: number | null;
}

const openRows = `
  select chunk.run::int, number, chunk.state, fence::int,
    case when worker is null then due_ms::float8 end as due, undelivered_ms::float8 as undelivered
  from vision_batch.chunk join vision_batch.run on run.key = chunk.run
  where undelivered_ms is not null or (worker is null and due_ms is not null
    and (run.state in ('running', 'cancelling') or (run.state = 'paused' and chunk.state <> 'planned')))`;

/** Looks are at whole seconds. */
const lateMs = 1000;

function isAskedFor({ run, number, due, undelivered }: OpenRow, jobs: readonly NewJob[]): boolean {
  const isOf = ({ chunk }: NewJob): boolean => chunk?.run === run && chunk.number === number;
  const isInTime = ({ atMs = 0 }: NewJob): boolean => due !== null && atMs <= due + lateMs;
  const delivers = jobs.some((job) => job.queue === "deliver" && isOf(job));
  const looks = jobs.some((job) => (job.queue === "look" || isOf(job)) && isInTime(job));
  return (undelivered === null || delivers) && (due === null || looks);
}

describe("jobsAfter", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let journal: PostgresJournal;
  let known: Set<string>;
  /** Of each method, how many chunks it made due. */
  let seen: Map<JournalWrite["method"], number>;
  let forgotten: string[];

  beforeEach(async () => {
    known = new Set();
    seen = new Map();
    forgotten = [];
    database = await createDatabase();
    journal = await openPostgresJournal({ url: database.url, beforeCommit: check });
  });

  afterEach(async () => {
    await journal.close();
    await database.drop();
  });

  async function check(write: JournalWrite, client: ClientBase): Promise<void> {
    const { rows } = await client.query<OpenRow>(openRows);
    const changed = rows.filter((row) => !known.has(JSON.stringify(row)));
    known = new Set(rows.map((row) => JSON.stringify(row)));
    const { method } = write;
    seen.set(method, (seen.get(method) ?? 0) + changed.length);
    // Whoever gives a chunk back asks for it again, and what is left of it is found by the next look.
    if (method === "release") return;
    const jobs = jobsAfter(write);
    for (const row of changed) {
      if (!isAskedFor(row, jobs)) forgotten.push(`${method} ${JSON.stringify(row)}`);
    }
  }

  const nowMs = epochMs;

  /** Every method that writes, in ways that make chunks due. */
  const walks: Readonly<Record<JournalWrite["method"], () => Promise<void>>> = {
    createRun: async () => {
      await planRun(journal);
    },
    appendPlan: async () => {
      await planRun(journal, { count: 2 });
    },
    commitPlan: async () => {
      await planRun(journal, { count: 2 });
    },
    changeRun: async () => {
      const { key } = await planRun(journal, { count: 2 });
      await journal.changeRun(key, { from: ["running"], to: "paused", nowMs });
      await journal.changeRun(key, { from: ["paused"], to: "running", nowMs, retryNow: true });
    },
    cancelRun: async () => {
      const { key } = await planRun(journal, { count: 2 });
      const claim = await claimOne(journal);
      await submit(journal, claim);
      await journal.advance([step(claim, "running", { release: true })]);
      await journal.cancelRun(key, nowMs);
    },
    settleRun: async () => {
      const { key } = await planRun(journal, { count: 0 });
      await journal.settleRun(key, nowMs);
    },
    removeRun: async () => {
      const { key } = await planRun(journal);
      await journal.removeRun(key);
    },
    appendRetry: async () => {
      const { key: run } = await planRun(journal);
      const claim = await claimOne(journal);
      const outcome = { counts: counts({ failed: 10 }) };
      await journal.advance([step(claim, "done", { outcome })]);
      await journal.settleRun(run, nowMs);
      const taken = [{ ...claim, outcome: { counts: counts({ retried: 10 }) } }];
      const chunks = makeChunks(1, { from: 1 });
      await journal.appendRetry({ run, round: 1, taken, chunks, nowMs });
    },
    claim: async () => {
      await planRun(journal);
      await claimAll(journal);
    },
    renew: async () => {
      await planRun(journal);
      await claimAll(journal);
      await journal.renew("worker", nowMs + 1);
    },
    release: async () => {
      await planRun(journal);
      await claimAll(journal);
      await journal.release("worker");
    },
    beginAttempt: async () => {
      await planRun(journal);
      await journal.beginAttempt(await claimOne(journal), intent());
    },
    advance: async () => {
      await planRun(journal, { count: 9 });
      const claims = (await claimAll(journal)).map(claimOf);
      const states = ["planned", "unknown", "running", "collecting", "failed", "done"] as const;
      const outcome = { counts: counts({ failed: 10 }) };
      for (const [index, state] of states.entries()) {
        const claim = claims[index]!;
        const isEnd = state === "failed" || state === "done";
        const end = isEnd ? { outcome, undeliveredMs: nowMs + 5000 } : {};
        await journal.advance([step(claim, state, { release: true, ...end })]);
      }
      const progress = { dueMs: nowMs + 600_000 };
      await journal.advance([step(claims[7]!, "planned", { release: true, progress })]);
      await journal.advance([step(claims[8]!, "running", { release: true, progress })]);
    },
    recordOperation: async () => {
      await journal.recordOperation({ ...(await unknown()), operation: operation("late") });
    },
    recordRefusal: async () => {
      await journal.recordRefusal({ ...(await unknown()), error: {} });
    },
    decide: async () => {
      await journal.decide(await unknown(), { decision: "resubmit", nowMs });
    },
    takeUndelivered: async () => {
      await planRun(journal);
      const outcome = { counts: counts({ succeeded: 10 }) };
      const end = step(await claimOne(journal), "done", { outcome, undeliveredMs: nowMs });
      await journal.advance([end]);
      await journal.takeUndelivered({ nowMs, againMs: nowMs + 1000, limit: 1 });
    },
  };

  /** A chunk of unknown fate that waits for somebody. */
  async function unknown() {
    await planRun(journal);
    const claim = await claimOne(journal);
    await journal.beginAttempt(claim, intent());
    const { dueMs: _, ...progress } = step(claim, "unknown").progress;
    await journal.advance([{ ...step(claim, "unknown", { release: true }), progress }]);
    return { ...claim, attempt: 1, nowMs };
  }

  const dueAfter: readonly JournalWrite["method"][] = [
    ...(["commitPlan", "changeRun", "cancelRun", "appendRetry", "advance"] as const),
    ...(["recordOperation", "recordRefusal", "decide", "release", "takeUndelivered"] as const),
  ];

  for (const [method, walk] of Object.entries(walks)) {
    it(`asks for all that ${method} makes due`, async () => {
      await walk();
      expect(forgotten).to.be.empty;
      const made = seen.get(method as JournalWrite["method"]);
      if ((dueAfter as readonly string[]).includes(method)) expect(made).to.be.above(0);
      else expect(made).to.equal(0);
    });
  }
});
