import type { Job, JobResult } from "pg-boss";
import type { ChunkWork } from "../runs/driver/chunk-work.ts";
import type { HeldChunk } from "../runs/driver/held-chunk.ts";
import { toRunContext, type RunContext } from "../runs/driver/run-context.ts";
import {
  endedChunkStates,
  type ChunkRef,
  type ChunkState,
  type ChunkWithAttempt,
} from "../runs/journal/chunk-record.ts";
import { openChunkStates, type Journal } from "../runs/journal/journal.ts";
import type { RunKey } from "../runs/journal/run-record.ts";
import type { JobWriter } from "./job-writer.ts";
import { chunkJob, lookAt, type ChunkQueue } from "./queues.ts";

/** What jobs about chunks are done with. */
export interface ChunkJobsParts {
  readonly work: ChunkWork;
  readonly jobs: JobWriter;
}

/** What was put back is not asked for again before. */
const putBackMs = 1000;

/** Does jobs about chunks: claims those that may be claimed and works on them as far as they stay. */
export class ChunkJobs {
  readonly #parts: ChunkJobsParts;
  #recovering: Promise<void> | undefined;

  constructor(parts: ChunkJobsParts) {
    this.#parts = parts;
  }

  /** Does jobs of a queue that came together; each is told by itself whether it has to be done again. */
  async do(queue: ChunkQueue, jobs: readonly Job<ChunkRef>[]): Promise<JobResult[]> {
    await this.#recover();
    const { work } = this.#parts;
    const { journal, clock } = work.parts;
    const chunks = jobs.map(({ data }) => data);
    const nowMs = clock.now();
    const leaseUntilMs = nowMs + work.settings.leaseMs;
    const claimed = await journal.claim({
      ...{ worker: work.id, states: statesOf(queue), chunks, limit: chunks.length },
      ...{ nowMs, leaseUntilMs },
    });
    const contexts = await readContexts(journal, claimed);
    const failed = new Set<string>();
    const taken = new Set(claimed.map(({ chunk }) => keyOf(chunk)));
    await Promise.all([
      ...claimed.map(async (each) => {
        const context = contexts.get(each.chunk.run);
        const isDone = await this.#work(each, { leaseUntilMs, context });
        if (!isDone) failed.add(keyOf(each.chunk));
      }),
      ...jobs.map(async ({ data }) => {
        if (!taken.has(keyOf(data))) await this.#putOff(data);
      }),
    ]);
    return jobs.map(({ id, data }) => ({
      ...{ id, status: failed.has(keyOf(data)) ? "failed" : "completed" },
    }));
  }

  /** False where the job is to be done again. */
  async #work(
    claimed: ChunkWithAttempt,
    given: { readonly leaseUntilMs: number; readonly context: RunContext | undefined },
  ): Promise<boolean> {
    const { work } = this.#parts;
    const { journal, clock, service, logger } = work.parts;
    const { leaseUntilMs, context } = given;
    const { run, number, fence } = claimed.chunk;
    const version = context?.options.version;
    if (context === undefined || version !== service.version) {
      await journal.release(work.id, [{ run, number, fence, worker: work.id }]);
      if (version === undefined) return true;
      const fields = { run: context?.run.id, version, worker: service.version };
      logger.warn(fields, "a run is of another version of the API than this worker");
      return true;
    }
    const held = await work.begin(claimed, { leaseUntilMs, context });
    if (work.failure !== undefined) return false;
    const { chunk } = held.current;
    if (endedChunkStates.includes(chunk.state)) {
      await journal.settleRun(run, clock.now());
    } else if (!held.lost.aborted && chunk.worker !== undefined) {
      await this.#putBack(held);
    }
    return true;
  }

  /** What was given back without a step is asked for again: there was no room, or this worker ends. */
  async #putBack({ current, claim }: HeldChunk): Promise<void> {
    const { work, jobs } = this.#parts;
    const nowMs = work.parts.clock.now();
    const isPlanned = current.chunk.state === "planned";
    const wait = isPlanned && !work.closing.aborted ? putBackMs : 0;
    const dueMs = Math.max(nowMs + wait, current.chunk.dueMs ?? 0);
    const job = isPlanned ? lookAt(dueMs) : chunkJob({ ...current.chunk, ...claim, dueMs });
    if (job !== undefined) await jobs.add([job]);
  }

  /** A job that came before its time comes again; all else is the matter of whoever has claimed the chunk. */
  async #putOff(ref: ChunkRef): Promise<void> {
    const { work, jobs } = this.#parts;
    const { journal, clock } = work.parts;
    const found = await journal.readChunk(ref);
    if (found?.chunk.dueMs === undefined || found.chunk.dueMs <= clock.now()) return;
    const job = chunkJob(found.chunk);
    if (job !== undefined) await jobs.add([job]);
  }

  /** After a failure of the journal nothing is claimed before all that was claimed is given back. */
  async #recover(): Promise<void> {
    const { work } = this.#parts;
    if (work.failure === undefined) return;
    this.#recovering ??= work
      .releaseLeft()
      .then(() => {
        work.forgetFailure();
      })
      .finally(() => {
        this.#recovering = undefined;
      });
    await this.#recovering;
  }
}

/** Outputs are read as jobs of their own queue only, since that takes long, and a sink longer: no other job waits for it. */
function statesOf(queue: ChunkQueue): readonly ChunkState[] {
  return openChunkStates.filter((state) => (state === "collecting") === (queue === "collect"));
}

async function readContexts(
  journal: Journal,
  claimed: readonly ChunkWithAttempt[],
): Promise<ReadonlyMap<RunKey, RunContext>> {
  const contexts = new Map<RunKey, RunContext>();
  const runs = new Set(claimed.map(({ chunk }) => chunk.run));
  await Promise.all(
    [...runs].map(async (key) => {
      const run = await journal.readRun(key);
      if (run !== undefined) contexts.set(key, toRunContext(run));
    }),
  );
  return contexts;
}

function keyOf({ run, number }: ChunkRef): string {
  return `${run}/${number}`;
}
