import type { ChunkRef, ChunkState } from "../runs/journal/chunk-record.ts";

/** The queues that workers take jobs from. */
export const queueNames = ["look", "submit", "follow", "collect", "deliver"] as const;

/** A queue that workers take jobs from. */
export type QueueName = (typeof queueNames)[number];

/** A queue of what is next for a chunk that has not ended. */
export type ChunkQueue = "submit" | "follow" | "collect";

/** Where jobs end that failed too often; what they were about is found again in the journal. */
export const deadLetters = "dead";

/** Submits that a worker prepares and makes at a time, and takes the turns of together. */
export const submitBatch = 4;

/** Records are offered to the sink again after so long: longer than their job is tried again. */
export const deliverAgainMs = 3_600_000;

/** The queue of what is next for a chunk in each state that it can leave. */
export const queueOfState: Partial<Readonly<Record<ChunkState, ChunkQueue>>> = {
  planned: "submit",
  submitting: "follow",
  unknown: "follow",
  running: "follow",
  collecting: "collect",
};

/** A job, before it is in its queue: a hint, for the journal decides what is done. */
export interface NewJob {
  readonly queue: QueueName;
  /** One job of a key waits at a time. */
  readonly key: string;
  /** Absent: now. */
  readonly atMs?: number;
  /** Which chunk; none for a look. */
  readonly chunk?: ChunkRef;
}

/** The job of what is next for a chunk; undefined where nothing is. */
export function chunkJob(
  chunk: ChunkRef & {
    readonly state: ChunkState;
    readonly fence: number;
    readonly dueMs?: number | undefined;
  },
): NewJob | undefined {
  const { run, number, state, fence, dueMs } = chunk;
  const queue = queueOfState[state];
  if (queue === undefined || dueMs === undefined) return undefined;
  // What submits may be made is decided by whoever sees all runs.
  if (queue === "submit") return lookAt(dueMs);
  // Another claim or another time is another job: one that waits must not stand in the way of one that is due.
  return { queue, key: `${run}.${number}.${fence}.${dueMs}`, atMs: dueMs, chunk: { run, number } };
}

/** The job of handing the records of a chunk on that has ended. */
export function deliverJob({ run, number }: ChunkRef): NewJob {
  return { queue: "deliver", key: `${run}.${number}`, chunk: { run, number } };
}

/** A look at the journal as soon as a worker comes to it. */
export const lookNow: NewJob = { queue: "look", key: "now" };

/** A look at the journal at a time, one for all that want one in the same second. */
export function lookAt(atMs: number): NewJob {
  const second = Math.ceil(atMs / 1000);
  return { queue: "look", key: `at.${second}`, atMs: second * 1000 };
}

/** The next of the looks that are made at intervals whatever happens. */
export function nextLook(nowMs: number, intervalMs: number): NewJob {
  const round = Math.floor(nowMs / intervalMs) + 1;
  return { queue: "look", key: `every.${intervalMs}.${round}`, atMs: round * intervalMs };
}
