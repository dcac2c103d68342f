import type { ServerResponse } from "node:http";
import type { DashboardEvents } from "./dashboard-data.ts";
import type { LiveBoard, Watcher } from "./live-board.ts";

const retryMs = 2000;
/** Who does not read for so long is let go: what it missed is told when it comes back. */
const stuckMs = 30_000;

/** Tells one page what changes. What a slow one has not read is not added to: it is told the newest then. */
export class EventStream implements Watcher {
  readonly run: string | undefined;
  readonly #live: LiveBoard;
  readonly #response: ServerResponse;
  #seen = { runs: 0, workers: 0, run: 0, journal: 0, throughputMs: -1, isGone: false };
  #isFirst = true;
  #stuckMs: number | undefined;

  constructor(live: LiveBoard, response: ServerResponse, run: string | undefined) {
    this.#live = live;
    this.#response = response;
    this.run = run;
  }

  /** Begins to tell; ends with the connection. */
  start(): void {
    this.#response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    });
    this.#write(`retry: ${retryMs}\n\n`);
    const leave = this.#live.watch(this);
    this.#response.once("close", leave);
    this.#response.on("drain", () => {
      this.#stuckMs = undefined;
      this.tell();
    });
  }

  tell(): void {
    if (this.#isStuck()) return;
    this.#tellJournal();
    // Where nothing was ever read, there is nothing to tell.
    if (this.#live.board.version === 0) return;
    this.#tellRuns();
    this.#tellRun();
    this.#tellThroughput();
    this.#isFirst = false;
  }

  beat(): void {
    if (!this.#isStuck()) this.#write(": beat\n\n");
  }

  #isStuck(): boolean {
    if (this.#stuckMs === undefined) return false;
    if (this.#live.now() - this.#stuckMs > stuckMs) this.#response.destroy();
    return true;
  }

  #tellJournal(): void {
    const { error, version } = this.#live.journal;
    if (version === this.#seen.journal) return;
    this.#seen.journal = version;
    const atMs = this.#live.now();
    this.#send("journal", error === undefined ? { atMs } : { atMs, error });
  }

  #tellRuns(): void {
    const { board } = this.#live;
    const runs = board.changedSince(this.#seen.runs);
    const removed = this.#isFirst ? [] : board.removedSince(this.#seen.runs);
    this.#seen.runs = board.version;
    if (this.#isFirst || runs.length > 0 || removed.length > 0) {
      this.#send("runs", { atMs: board.atMs, runs, removed, left: board.left });
    }
    if (board.workers.version === this.#seen.workers) return;
    this.#seen.workers = board.workers.version;
    this.#send("workers", board.workers.list);
  }

  #tellRun(): void {
    if (this.run === undefined || !this.#live.board.hasLookedAt(this.run)) return;
    const known = this.#live.board.detail(this.run);
    const isGone = known === undefined;
    if (known !== undefined && known.version !== this.#seen.run) {
      this.#seen.run = known.version;
      this.#send("run", known.detail);
    }
    if (isGone && !this.#seen.isGone) this.#send("gone", { run: this.run });
    this.#seen.isGone = isGone;
  }

  #tellThroughput(): void {
    const { run } = this;
    const points = this.#live.board.throughput(run, this.#seen.throughputMs);
    const last = points.at(-1);
    if (last === undefined) return;
    this.#seen.throughputMs = last.atMs;
    this.#send("throughput", run === undefined ? { points } : { run, points });
  }

  #send<Name extends keyof DashboardEvents>(name: Name, data: DashboardEvents[Name]): void {
    this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): void {
    if (this.#response.destroyed) return;
    if (!this.#response.write(text)) this.#stuckMs ??= this.#live.now();
  }
}
