import type { ChunkState } from "../journal/chunk-record.ts";
import { openChunkStates, type Journal } from "../journal/journal.ts";
import type { RunKey } from "../journal/run-record.ts";
import type { RunClock } from "../run-clock.ts";
import type { ChunkWork } from "./chunk-work.ts";
import type { HeldChunks } from "./held-chunks.ts";
import type { RunContexts } from "./run-contexts.ts";
import type { WorkerSettings } from "./worker-options.ts";

/** What is claimed from and for. */
export interface ChunkClaimsParts {
  readonly journal: Journal;
  readonly clock: RunClock;
  readonly worker: string;
  readonly options: WorkerSettings;
  readonly contexts: RunContexts;
  readonly held: HeldChunks;
  readonly work: ChunkWork;
}

/** How often is looked for what other processes have made due. */
const idleMs = 1000;
/** The states of what was submitted: followed before anything new is. */
const followedStates = openChunkStates.filter((state) => state !== "planned");
/** The same of runs of which as much waits to be read as may. */
const unreadStates = followedStates.filter((state) => state !== "collecting");
const plannedStates: readonly ChunkState[] = ["planned"];

/** Claims what is due of the runs that are worked on, as far as there is room for it. */
export class ChunkClaims {
  readonly #parts: ChunkClaimsParts;

  constructor(parts: ChunkClaimsParts) {
    this.#parts = parts;
  }

  /**
   * Claims what was submitted first, whatever waits to be: that may wait for its end. Then so many new
   * chunks of each run that none waits for another one's.
   */
  async claim(): Promise<void> {
    const { contexts, held, options } = this.#parts;
    for (const { states, runs } of this.#followed()) {
      await this.#claimOf(states, runs, options.maxChunks - held.following);
    }
    for (const run of contexts.keys()) {
      await this.#claimOf(plannedStates, [run], this.#roomOf(run));
    }
  }

  /** How long there is nothing to claim, as far as is known. */
  async idleMs(): Promise<number> {
    const { journal, clock, contexts, held, options } = this.#parts;
    if (held.following >= options.maxChunks) return idleMs;
    const withRoom = contexts.keys().filter((run) => this.#roomOf(run) > 0);
    const followed = this.#followed();
    const isAll = withRoom.length === contexts.size && followed[1].runs.length === 0;
    const requests = isAll
      ? [{ states: openChunkStates, runs: withRoom }]
      : [...followed, { states: plannedStates, runs: withRoom }];
    let dueMs = Infinity;
    for (const request of requests) {
      if (request.runs.length === 0) continue;
      dueMs = Math.min(dueMs, (await journal.nextDueMs(request)) ?? Infinity);
    }
    return Math.min(idleMs, Math.max(1, dueMs - clock.now()));
  }

  /** Whether more chunks of a run may be held that have come to their output. */
  mayCollect(run: RunKey): boolean {
    const { held, options } = this.#parts;
    return held.collectingOf(run) < options.maxChunks;
  }

  /** What is claimed of what was submitted. */
  #followed() {
    const runs = this.#parts.contexts.keys();
    const mayCollect = runs.filter((run) => this.mayCollect(run));
    const mayNot = runs.filter((run) => !mayCollect.includes(run));
    return [
      { states: followedStates, runs: mayCollect },
      { states: unreadStates, runs: mayNot },
    ] as const;
  }

  /** How many more chunks of a run may be on their way to being submitted. */
  #roomOf(run: RunKey): number {
    const { contexts, held, options } = this.#parts;
    if (contexts.get(run)?.run.state === "paused") return 0;
    const { maxSubmitting, maxChunks } = options;
    return Math.min(maxSubmitting - held.submittingOf(run), maxChunks - held.underWay);
  }

  async #claimOf(
    states: readonly ChunkState[],
    runs: readonly RunKey[],
    limit: number,
  ): Promise<void> {
    const { journal, clock, worker, options, contexts, work } = this.#parts;
    if (limit <= 0 || runs.length === 0) return;
    const nowMs = clock.now();
    const leaseUntilMs = nowMs + options.leaseMs;
    const request = { worker, states, runs, limit, nowMs, leaseUntilMs };
    for (const claimed of await journal.claim(request)) {
      const context = contexts.get(claimed.chunk.run);
      if (context === undefined) {
        // The run was stopped meanwhile.
        await journal.release(worker, [{ ...claimed.chunk, worker }]);
        continue;
      }
      void work.begin(claimed, { leaseUntilMs, context });
    }
  }
}
