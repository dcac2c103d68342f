import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import type { RunClock } from "../runs/run-clock.ts";
import type { JobWriter } from "./job-writer.ts";
import { pickSubmits } from "./pick-submits.ts";
import { chunkJob, deliverAgainMs, lookAt, lookNow, nextLook, type NewJob } from "./queues.ts";

/** What a look needs. */
export interface LookParts {
  readonly journal: PostgresJournal;
  readonly jobs: JobWriter;
  readonly clock: RunClock;
  /** When it is looked again whatever happens. */
  readonly intervalMs: number;
  /** Whether the records of ended chunks are handed on here. */
  readonly delivers: boolean;
}

/** Due chunks that are handed out at a time. */
const dueAtOnce = 1000;
/** Submits that are handed out at a time. */
const submitsAtOnce = 64;
const againMs = 1000;
/** An operation of 2,000 images that nobody follows has ended by then. */
const unknownHoldMs = 3_600_000;

/**
 * Looks at the journal for what is due and nobody works on, and hands it out: the submits that there is room
 * for, what workers that are gone have left, and what was changed by those who tell no worker. Runs
 * whose chunks have all ended are settled.
 */
export async function lookAround(parts: LookParts): Promise<void> {
  const { journal, jobs, clock, intervalMs, delivers } = parts;
  const nowMs = clock.now();
  // First of all, so that there is another look whatever becomes of this one.
  await jobs.add([nextLook(nowMs, intervalMs)]);
  const survey = await journal.survey({
    ...{ nowMs, unknownHoldMs, limit: dueAtOnce, planned: submitsAtOnce },
  });
  for (const run of survey.ended) await journal.settleRun(run, clock.now());
  const picked = pickSubmits(survey, { nowMs, most: submitsAtOnce });
  const found: NewJob[] = picked.map(({ run, number, fence, dueMs }) => ({
    queue: "submit",
    key: `${run}.${number}.${fence}.${dueMs}`,
    chunk: { run, number },
  }));
  for (const due of survey.due) {
    // The last submit of a run that is cancelled is not made, which a look would never hand out.
    const job = due.state === "planned" ? chunkJob({ ...due, state: "unknown" }) : chunkJob(due);
    if (job !== undefined) found.push(job);
  }
  if (survey.due.length === dueAtOnce) found.push(lookNow);
  // There may be room for more, once these have had their turn.
  if (picked.length > 0) found.push(lookAt(nowMs + againMs));
  await jobs.add(found);
  // Records that should have been handed on by now, whatever became of the jobs to do so.
  if (delivers) {
    await journal.takeUndelivered({ nowMs, againMs: nowMs + deliverAgainMs, limit: dueAtOnce });
  }
}
