import type { PgBoss } from "pg-boss";
import { JournalError, loadOptional } from "../errors/index.ts";
import { toJournalError } from "../runs/journal/postgres/postgres-errors.ts";
import { Sockets } from "../runs/journal/postgres/sockets.ts";
import type { PostgresPlace } from "../runs/journal/postgres/postgres-url.ts";
import type { Logger } from "../transport/index.ts";
import { JobListener } from "./job-listener.ts";
import { deadLetters, type QueueName } from "./queues.ts";

/** pg-boss allows 50 characters. */
const maxSchemaLength = 45;
/** A worker that is gone is noticed after the least time that pg-boss knows. */
const heartbeatSeconds = 10;
const superviseSeconds = 5;
const dayOfSeconds = 86_000;
/** A connection on which nothing is answered for so long is given up; it would be waited for until the system does. */
const answerTimeoutMs = 65_000;

/** What all queues have in common; jobs are hints, and those that are done are of no use to anybody. */
const shared = {
  ...{ policy: "short", heartbeatSeconds, expireInSeconds: dayOfSeconds },
  ...{ retryLimit: 3, retryDelay: 1, retryBackoff: true, deleteAfterSeconds: 600 },
} as const;

/** A sink may be out of order for long: about half an hour, until that is told. */
const patience = { retryLimit: 11, retryDelay: 1, retryDelayMax: 600 } as const;

/** Looks are polled for, for many changes that come at once are one reason to look. */
const isNotified: Readonly<Record<QueueName, boolean>> = {
  ...{ look: false, submit: true, follow: true, collect: true, deliver: true },
};

/** How pg-boss is started. */
export interface BossOptions {
  readonly logger: Logger;
  /** Beside the one that listens. */
  readonly maxConnections: number;
}

/**
 * Starts pg-boss beside a journal, in a schema of its own, and makes the queues.
 * @throws MissingPackageError; JournalError where the database cannot be used, or its schema has too long a name.
 */
export async function startBoss(
  { connectionString, schema, journal }: PostgresPlace,
  { logger, maxConnections: max }: BossOptions,
): Promise<PgBoss> {
  if (schema.length > maxSchemaLength) {
    throw new JournalError(
      `workers need a schema whose name has at most ${maxSchemaLength} characters`,
      { reason: "unsupported", journal },
    );
  }
  const module = await loadOptional("pg-boss", "a worker", () => import("pg-boss"));
  const { default: pg } = await loadOptional("pg", "a worker", () => import("pg"));
  const sockets = new Sockets();
  const application_name = "vision-batch worker";
  const boss = new module.PgBoss({
    ...{ connectionString, schema: `${schema}_jobs`, application_name },
    ...{
      max,
      stream: sockets.make,
      query_timeout: answerTimeoutMs,
      schedule: false,
      useListenNotify: true,
      persistWarnings: false,
    },
    ...{ superviseIntervalSeconds: superviseSeconds, monitorIntervalSeconds: superviseSeconds },
  });
  boss.on("error", (error) => {
    logger.warn({ error }, "the job queue met an error");
  });
  boss.getDb().listen = (channel, onNotification, onReconnect) =>
    JobListener.start({
      ...{ channel, onNotification, onReconnect },
      makeClient: (config) => new pg.Client({ connectionString, application_name, ...config }),
      onLost: (error) => {
        logger.warn({ error }, "the job queue is not listened to for a moment");
      },
    });
  boss.on("warning", (warning) => {
    logger.warn({ warning }, "the job queue warns");
  });
  try {
    await boss.start();
    await makeQueues(boss);
  } catch (error) {
    await boss.stop({ graceful: false });
    sockets.destroy();
    throw toJournalError(error, journal);
  }
  return boss;
}

async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(deadLetters, { deleteAfterSeconds: dayOfSeconds });
  for (const [name, notify] of Object.entries(isNotified)) {
    const retries = name === "deliver" ? patience : {};
    await boss.createQueue(name, { ...shared, ...retries, notify, deadLetter: deadLetters });
  }
}
