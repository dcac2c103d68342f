import type { JobWithMetadata } from "pg-boss";
import type { ChunkRef } from "../runs/journal/chunk-record.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import type { JsonData } from "../runs/journal/run-record.ts";
import type { RunClock } from "../runs/run-clock.ts";
import { metrics, type Telemetry } from "../telemetry/index.ts";
import type { Logger } from "../transport/index.ts";
import type { JobWriter } from "./job-writer.ts";
import { lookNow, queueNames } from "./queues.ts";

/** What is done about jobs that failed too often. */
export interface DeadLetterParts {
  readonly journal: PostgresJournal;
  readonly jobs: JobWriter;
  readonly clock: RunClock;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly worker: string;
}

/** Records that were not taken for so long that their job was given up are offered again after this. */
const retryDeadMs = 600_000;

/**
 * Tells of jobs that failed too often, by the log, a count and the events of their chunks, and sees to it that
 * they are done again: what the journal says is due is found by a look.
 */
export async function takeDeadLetters(
  letters: readonly JobWithMetadata<Partial<ChunkRef> | null>[],
  { journal, jobs, clock, telemetry, logger, worker }: DeadLetterParts,
): Promise<void> {
  for (const { data, sourceName, sourceOutput } of letters) {
    const queue = queueNames.find((name) => name === sourceName);
    const { run, number } = data ?? {};
    logger.error({ queue, run, number, error: sourceOutput }, "a job has failed too often");
    if (queue === undefined) continue;
    telemetry.add(metrics.jobsDead, 1, { "vision_batch.job.queue": queue });
    if (queue !== "deliver" || run === undefined || number === undefined) continue;
    const nowMs = clock.now();
    const reason = (sourceOutput ?? {}) as JsonData;
    const told = { nowMs, againMs: nowMs + retryDeadMs, worker, reason };
    await journal.tellUndelivered({ run, number }, told);
  }
  await jobs.add([lookNow]);
}
