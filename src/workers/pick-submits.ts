import type { PlannedChunk, Survey } from "../runs/journal/postgres/survey-store.ts";
import type { RunKey } from "../runs/journal/run-record.ts";
import { flowLimitsOf, type RunSettings } from "../runs/run-options.ts";

/** What is chosen from, and how. */
export interface PickOptions {
  readonly nowMs: number;
  /** Submits that are chosen. */
  readonly most: number;
}

/** Submits are prepared so long before their turn. */
const aheadMs = 1000;
/** So long the runs that have the same share are in the same order, so that who looks again chooses the same. */
const orderMs = 10_000;

type Candidates = Pick<Survey, "planned" | "loads" | "flows">;

/**
 * Chooses the chunks that there is room for: one after the other of the run that has the least in
 * processing among those of the highest priority, so that runs that share the limits have the same share of them.
 */
export function pickSubmits(survey: Candidates, options: PickOptions): readonly PlannedChunk[] {
  const loads = new Loads(survey);
  const turns = new Turns(survey, options);
  const queues = new Map<RunKey, readonly PlannedChunk[]>(
    Map.groupBy(survey.planned, ({ run }) => run),
  );
  const mayGo = (chunk: PlannedChunk): boolean => turns.has(chunk) && loads.hasRoom(chunk);
  const picked: PlannedChunk[] = [];
  keepOnly(queues, mayGo);
  while (picked.length < options.most && queues.size > 0) {
    const [run, [next, ...others]] = leastOf(queues, (key) => loads.ofRun(key), options);
    if (next !== undefined && mayGo(next)) {
      loads.add(next);
      turns.take(next);
      picked.push(next);
      queues.set(run, others);
    } else {
      // All at once, for what one has no room for others mostly have not either.
      keepOnly(queues, mayGo);
    }
  }
  return picked;
}

/** Takes away the chunks that may not go, and the runs that are left with none. */
function keepOnly(
  queues: Map<RunKey, readonly PlannedChunk[]>,
  mayGo: (chunk: PlannedChunk) => boolean,
): void {
  for (const [run, waiting] of queues) {
    const left = waiting.filter(mayGo);
    if (left.length === 0) queues.delete(run);
    else queues.set(run, left);
  }
}

function leastOf(
  queues: ReadonlyMap<RunKey, readonly PlannedChunk[]>,
  loadOf: (run: RunKey) => number,
  { nowMs }: PickOptions,
): readonly [RunKey, readonly PlannedChunk[]] {
  const round = Math.floor(nowMs / orderMs);
  let least: readonly [RunKey, readonly PlannedChunk[]] | undefined;
  let leastRank: Rank = [Infinity, Infinity, Infinity];
  for (const entry of queues) {
    const [run, [first]] = entry;
    const rank: Rank = [-priorityOf(first), loadOf(run), scatter(run, round)];
    if (!isBefore(rank, leastRank)) continue;
    least = entry;
    leastRank = rank;
  }
  if (least === undefined) throw new Error("there is no run to choose from");
  return least;
}

/** Priority, what is in processing, and a number that decides where both are the same. */
type Rank = readonly [number, number, number];

function isBefore(a: Rank, b: Rank): boolean {
  return a[0] < b[0] || (a[0] === b[0] && (a[1] < b[1] || (a[1] === b[1] && a[2] < b[2])));
}

function priorityOf(chunk: PlannedChunk | undefined): number {
  const { priority = 0 } = (chunk?.settings ?? {}) as RunSettings;
  return priority;
}

/** A number that tells nothing of the run, another one each round: no run is always the last. */
function scatter(run: RunKey, round: number): number {
  let bits = Math.imul(run ^ Math.imul(round, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** What is in processing, with what was chosen. */
class Loads {
  readonly #ofScope = new Map<string, number>();
  readonly #ofRun = new Map<RunKey, number>();

  constructor({ loads }: Candidates) {
    for (const load of loads) this.#count(load, load.inputs);
  }

  ofRun(run: RunKey): number {
    return this.#ofRun.get(run) ?? 0;
  }

  hasRoom({ scope, kind, size, settings }: PlannedChunk): boolean {
    const limits = flowLimitsOf(settings);
    const most = kind === "image" ? limits.maxImagesInProcessing : limits.maxFilesInProcessing;
    const inputs = this.#ofScope.get(`${kind} ${scope}`) ?? 0;
    return inputs === 0 || inputs + size <= most;
  }

  add(chunk: PlannedChunk): void {
    this.#count(chunk, chunk.size);
  }

  #count({ run, kind, scope }: Pick<PlannedChunk, "run" | "kind" | "scope">, inputs: number): void {
    const key = `${kind} ${scope}`;
    this.#ofScope.set(key, (this.#ofScope.get(key) ?? 0) + inputs);
    this.#ofRun.set(run, this.ofRun(run) + inputs);
  }
}

/** The submits that have their turn within the time that is looked ahead. */
class Turns {
  readonly #nextMs = new Map<string, number>();
  readonly #rates = new Map<string, number>();
  readonly #endMs: number;

  constructor({ flows }: Candidates, { nowMs }: PickOptions) {
    this.#endMs = nowMs + aheadMs;
    for (const { scope, rate, next_ms: nextMs, not_before_ms: notBeforeMs } of flows) {
      this.#nextMs.set(scope, Math.max(nowMs, nextMs, notBeforeMs));
      this.#rates.set(scope, rate);
    }
  }

  has({ scope }: PlannedChunk): boolean {
    return (this.#nextMs.get(scope) ?? 0) < this.#endMs;
  }

  take({ scope, settings }: PlannedChunk): void {
    const { requestsPerMinute } = flowLimitsOf(settings);
    const intervalMs = 60_000 / (requestsPerMinute * (this.#rates.get(scope) ?? 1));
    const nextMs = this.#nextMs.get(scope) ?? this.#endMs - aheadMs;
    this.#nextMs.set(scope, nextMs + intervalMs);
  }
}
