import { RateMeter } from "../runs/rate-meter.ts";
import type { Run, Runs } from "../runs/index.ts";
import { toChunkEntry } from "./chunk-data.ts";
import type {
  ChunkEntry,
  RunDetail,
  RunEntry,
  ThroughputPoint,
  WorkerClaim,
} from "./dashboard-data.ts";
import { RunTrail } from "./event-data.ts";
import {
  inProcessing,
  submitsOf,
  toLimits,
  toRunDetail,
  toRunEntry,
  type SeenRun,
} from "./run-data.ts";
import { Samples } from "./samples.ts";
import { WorkerBoard } from "./worker-board.ts";

/** Runs that are listed: the newest ones. */
const runsShown = 500;
const troubledShown = 20;
/** A rate that falls because nothing ends is told so often. */
const rateMs = 5000;

interface KnownRun extends SeenRun {
  readonly entry: RunEntry;
  /** What of the entry tells that something has changed. */
  readonly key: string;
  /** Of the look that saw the last change. */
  readonly version: number;
  readonly meter: RateMeter;
  readonly samples: Samples;
}

interface KnownDetail {
  readonly detail: RunDetail;
  readonly key: string;
  readonly version: number;
  readonly trail: RunTrail;
  readonly troubledKey: string;
}

/** What was read of a journal, from look to look; one look at a time. */
export class Board {
  readonly workers: WorkerBoard;
  readonly #runs: Runs;
  readonly #readOnly: boolean;
  readonly #all = new Samples();
  readonly #details = new Map<string, KnownDetail>();
  readonly #removed = new Map<string, number>();
  #known = new Map<string, KnownRun>();
  #left = 0;
  #watched: ReadonlySet<string> = new Set();
  #version = 0;
  #atMs = 0;
  /** When the last snapshot of a look was taken, by the time of the journal. */
  #takenMs: number | undefined;

  constructor(runs: Runs, { readOnly, worker }: { readOnly: boolean; worker: string | undefined }) {
    this.#runs = runs;
    this.#readOnly = readOnly;
    this.workers = new WorkerBoard(worker);
  }

  /** When was last looked, by the time of the journal. */
  get atMs(): number {
    return this.#atMs;
  }

  /** Grows with each look. */
  get version(): number {
    return this.#version;
  }

  /** Older runs that are left out. */
  get left(): number {
    return this.#left;
  }

  /** The runs that were changed after a version, the newest first. */
  changedSince(version: number): readonly RunEntry[] {
    const changed = [...this.#known.values()].filter((each) => each.version > version);
    return changed.map(({ entry }) => entry).reverse();
  }

  /** The runs that went after a version. */
  removedSince(version: number): readonly string[] {
    return [...this.#removed].filter(([, removed]) => removed > version).map(([id]) => id);
  }

  /** Whether the last look was at this run too. */
  hasLookedAt(id: string): boolean {
    return this.#watched.has(id);
  }

  /** A run that was looked at; undefined where it was not there. */
  detail(id: string): { readonly detail: RunDetail; readonly version: number } | undefined {
    return this.#details.get(id);
  }

  /** How it went after a time, with a run or all of them. */
  throughput(run: string | undefined, afterMs: number): readonly ThroughputPoint[] {
    const samples = run === undefined ? this.#all : this.#known.get(run)?.samples;
    return samples?.since(afterMs) ?? [];
  }

  /** Reads the list, and all of some runs. @throws JournalError */
  async look(details: Iterable<string>, nowMs: number): Promise<void> {
    const watched = new Set(details);
    const version = this.#version + 1;
    this.#takenMs = undefined;
    const { listed, left } = await this.#list();
    const known = new Map<string, KnownRun>();
    for (const run of listed) {
      const seen = await this.#see(run, { version, isWatched: watched.has(run.id) });
      if (seen !== undefined) known.set(run.id, seen);
    }
    const atMs = this.#lastTaken(nowMs);
    for (const id of this.#known.keys()) if (!known.has(id)) this.#removed.set(id, version);
    for (const id of known.keys()) this.#removed.delete(id);
    this.#known = known;
    this.#left = left;
    this.#atMs = atMs;
    this.workers.see(this.#claims(), atMs, version);
    this.#sampleAll(atMs);
    await this.#lookAtDetails(watched, version);
    this.#watched = watched;
    this.#version = version;
  }

  /** Reads a run as the list shows it. @throws JournalError */
  async readEntry(run: Run): Promise<RunEntry> {
    const snapshot = await run.snapshot();
    const perSecond = this.#known.get(run.id)?.perSecond;
    return toRunEntry({ run, snapshot, perSecond, readOnly: this.#readOnly });
  }

  #lastTaken(nowMs: number): number {
    return this.#takenMs ?? nowMs;
  }

  async #list(): Promise<{ readonly listed: readonly Run[]; readonly left: number }> {
    const listed: Run[] = [];
    let left = 0;
    for await (const run of this.#runs.list()) {
      listed.push(run);
      if (listed.length <= runsShown) continue;
      listed.shift();
      left += 1;
    }
    return { listed, left };
  }

  /** A run that is over stays as it is until its state is changed. */
  async #see(
    run: Run,
    look: { readonly version: number; readonly isWatched: boolean },
  ): Promise<KnownRun | undefined> {
    const before = this.#known.get(run.id);
    const isSame = before?.run.state === run.state && before.run.changedMs === run.changedMs;
    if (isSame && !look.isWatched && (run.state === "done" || run.state === "cancelled")) {
      return before;
    }
    const snapshot = await readSnapshot(run);
    if (snapshot === undefined) return undefined;
    const { meter, samples } = before ?? { meter: new RateMeter(), samples: new Samples() };
    const { inputs, atMs, polls } = snapshot;
    this.#takenMs = atMs;
    const ended = inputs.total - inputs.open;
    meter.add(atMs, ended);
    samples.add({
      ...{ atMs, ended, polls, submits: submitsOf(snapshot) },
      inProcessing: inProcessing(snapshot),
    });
    const seen = { run, snapshot, perSecond: rounded(meter.perSecond), readOnly: this.#readOnly };
    const entry = toRunEntry(seen);
    const key = keyOf(entry, atMs);
    const version = before?.key === key ? before.version : look.version;
    return { ...seen, ...{ entry, key, version, meter, samples } };
  }

  #claims(): Map<string, readonly WorkerClaim[]> {
    const known = [...this.#known.values()];
    return new Map(known.map(({ run, snapshot }) => [run.id, snapshot.workers]));
  }

  #sampleAll(atMs: number): void {
    const point = { atMs, ended: 0, submits: 0, polls: 0, inProcessing: 0 };
    for (const { snapshot } of this.#known.values()) {
      point.ended += snapshot.inputs.total - snapshot.inputs.open;
      point.submits += submitsOf(snapshot);
      point.polls += snapshot.polls;
      point.inProcessing += inProcessing(snapshot);
    }
    this.#all.add(point);
  }

  async #lookAtDetails(watched: ReadonlySet<string>, version: number): Promise<void> {
    for (const id of this.#details.keys()) if (!watched.has(id)) this.#details.delete(id);
    for (const id of watched) {
      const known = this.#known.get(id) ?? (await this.#readUnlisted(id, version));
      if (known === undefined) this.#details.delete(id);
      else this.#details.set(id, await this.#readDetail(known, version));
    }
  }

  /** A run that is older than those that are listed. */
  async #readUnlisted(id: string, version: number): Promise<KnownRun | undefined> {
    const run = await this.#runs.get(id);
    if (run === undefined) return undefined;
    return this.#see(run, { version, isWatched: true });
  }

  async #readDetail(known: KnownRun, version: number): Promise<KnownDetail> {
    const { run, snapshot, entry } = known;
    const before = this.#details.get(run.id);
    const trail = before?.trail ?? new RunTrail(snapshot.atMs);
    await trail.look(run);
    const { failed, unknown } = snapshot.chunks;
    const troubledKey = JSON.stringify([failed, unknown, snapshot.undecided, snapshot.rounds]);
    const troubled =
      before?.troubledKey === troubledKey ? before.detail.troubled : await readTroubled(run);
    const limits = toLimits(await run.pace(), this.#useOf(known));
    const detail = toRunDetail(entry, { run, snapshot, limits, troubled, trail });
    const key = keyOf({ ...detail, atMs: 0 }, snapshot.atMs);
    const changed = before?.key === key ? before.version : version;
    return { detail, key, trail, troubledKey, version: changed };
  }

  #useOf({ run: { scope }, snapshot: { atMs } }: KnownRun): Parameters<typeof toLimits>[1] {
    const sharing = [...this.#known.values()].filter(({ run }) => run.scope === scope);
    const paces = sharing.map(({ samples }) => samples.submitsPerMinute(atMs));
    const told = paces.filter((each) => each !== undefined);
    const submitsPerMinute = told.length === 0 ? undefined : told.reduce((a, b) => a + b, 0);
    return { sharing, submitsPerMinute };
  }
}

/** Undefined where it was removed meanwhile. */
async function readSnapshot(run: Run): Promise<SeenRun["snapshot"] | undefined> {
  for await (const snapshot of run.progress()) return snapshot;
  return undefined;
}

async function readTroubled(run: Run): Promise<readonly ChunkEntry[]> {
  const troubled: ChunkEntry[] = [];
  for await (const each of run.chunks({ states: ["failed", "unknown"], limit: 500 })) {
    const { counts, size } = each.chunk;
    if (counts.retried < size) troubled.push(toChunkEntry(each));
    if (troubled.length === troubledShown) break;
  }
  return troubled;
}

/** What is told anew only now and then is left out. */
function keyOf(entry: RunEntry | RunDetail, atMs: number): string {
  const { inputsPerSecond, timeLeftMs: _, ...rest } = entry;
  const isGoing = inputsPerSecond !== undefined && entry.inputs.open > 0;
  return JSON.stringify([rest, isGoing ? Math.floor(atMs / rateMs) : 0]);
}

function rounded(perSecond: number | undefined): number | undefined {
  return perSecond === undefined ? undefined : Number(perSecond.toPrecision(3));
}
