import type { ClientBase } from "pg";
import type { JobInsert, PgBoss } from "pg-boss";
import { endedChunkStates } from "../runs/journal/chunk-record.ts";
import type { ChunkStep } from "../runs/journal/chunk-writes.ts";
import type { BeforeCommit, JournalWrite } from "../runs/journal/postgres/journal-write.ts";
import { chunkJob, deliverJob, lookAt, lookNow, type NewJob, type QueueName } from "./queues.ts";

/** Puts jobs into their queues. */
export class JobWriter {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Adds jobs, but for those of a key that waits already; in the transaction of a connection where one is given. */
  async add(jobs: readonly NewJob[], client?: ClientBase): Promise<void> {
    // Always in one order, since a key that another transaction adds is waited for.
    const ordered = [...jobs].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const byQueue = Map.groupBy(ordered, ({ queue }) => queue);
    for (const [queue, ofQueue] of byQueue) {
      await this.#insert(queue, ofQueue, client);
    }
  }

  async #insert(
    queue: QueueName,
    jobs: readonly NewJob[],
    client: ClientBase | undefined,
  ): Promise<void> {
    const inserts = jobs.map(({ key, atMs, chunk }): JobInsert => ({
      singletonKey: key,
      ...(atMs === undefined ? {} : { startAfter: new Date(atMs) }),
      ...(chunk === undefined ? {} : { data: chunk }),
    }));
    if (client === undefined) {
      await this.#boss.insert(queue, inserts);
      return;
    }
    const executeSql = async (text: string, values?: unknown[]) => {
      const { rows } = await client.query<Record<string, unknown>>(text, values);
      return { rows };
    };
    await this.#boss.insert(queue, inserts, { db: { executeSql } });
  }
}

function placeOf({ queue, key }: NewJob): string {
  return `${queue} ${key}`;
}

/** Enqueues what a change of the journal makes due, in its transaction. */
export function enqueueWith(writer: JobWriter): BeforeCommit {
  return async (write, client) => {
    const jobs = jobsAfter(write);
    if (jobs.length > 0) await writer.add(jobs, client);
  };
}

/** The jobs of what a change of the journal makes due. */
export function jobsAfter(write: JournalWrite): readonly NewJob[] {
  switch (write.method) {
    case "advance": {
      const [steps] = write.args;
      return steps.filter((_, index) => write.result[index] === true).flatMap(jobsAfterStep);
    }
    case "takeUndelivered":
      return write.result.map(deliverJob);
    case "commitPlan":
    case "changeRun":
    case "cancelRun":
      return write.result === undefined ? [] : [lookNow];
    case "appendRetry":
    case "recordOperation":
    case "recordRefusal":
    case "decide":
      return write.result ? [lookNow] : [];
    default:
      return [];
  }
}

function jobsAfterStep(step: ChunkStep): readonly NewJob[] {
  const { claim, progress, release = false, undeliveredMs } = step;
  const { state, dueMs } = progress;
  const jobs: NewJob[] = [];
  const isEnded = endedChunkStates.includes(state);
  // There may be room for another submit.
  if (state === "collecting" || (isEnded && state !== "done")) jobs.push(lookNow);
  if (isEnded && undeliveredMs !== undefined) jobs.push(deliverJob(claim));
  // Who goes on with it in hand is told by nobody.
  const next = release ? chunkJob({ ...claim, state, dueMs }) : undefined;
  if (next !== undefined) jobs.push(next);
  else if (state === "planned" && dueMs !== undefined) jobs.push(lookAt(dueMs));
  return jobs;
}
