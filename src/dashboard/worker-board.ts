import type { WorkerClaim, WorkerEntry, WorkerList } from "./dashboard-data.ts";

/** So long a worker is told of that has nothing in hand any more. */
const keptMs = 600_000;

/** The workers, as far as the claims of runs tell. */
export class WorkerBoard {
  readonly #self: string | undefined;
  #workers = new Map<string, WorkerEntry>();
  #key = "";
  #version = 0;
  #atMs = 0;

  constructor(self: string | undefined) {
    this.#self = self;
  }

  /** Of the look that saw the last change. */
  get version(): number {
    return this.#version;
  }

  get list(): WorkerList {
    return { atMs: this.#atMs, workers: [...this.#workers.values()] };
  }

  /** Takes in who holds claims of which runs. */
  see(claims: ReadonlyMap<string, readonly WorkerClaim[]>, atMs: number, version: number): void {
    const held = new Map<string, WorkerEntry["runs"]>();
    for (const [run, workers] of claims) {
      for (const { worker, chunks, leaseUntilMs } of workers) {
        held.set(worker, [...(held.get(worker) ?? []), { run, chunks, leaseUntilMs }]);
      }
    }
    const kept = [...this.#workers.values()].filter(({ seenMs }) => atMs - seenMs < keptMs);
    const ids = [...new Set([...held.keys(), ...kept.map(({ id }) => id)])].sort();
    const entries = ids.map((id) => this.#entryOf(id, held.get(id) ?? [], atMs));
    this.#workers = new Map(entries.map((entry) => [entry.id, entry]));
    this.#atMs = atMs;
    const key = JSON.stringify(entries.map((entry) => ({ ...entry, seenMs: 0 })));
    if (key === this.#key && this.#version > 0) return;
    this.#key = key;
    this.#version = version;
  }

  #entryOf(id: string, runs: WorkerEntry["runs"], atMs: number): WorkerEntry {
    const chunks = runs.reduce((sum, each) => sum + each.chunks, 0);
    const seenMs = runs.length > 0 ? atMs : (this.#workers.get(id)?.seenMs ?? atMs);
    return { id, runs, chunks, seenMs, isThis: id === this.#self };
  }
}
