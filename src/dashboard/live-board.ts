import { pause, type RunClock } from "../runs/run-clock.ts";
import type { Board } from "./board.ts";
import type { ErrorData, RunDetail } from "./dashboard-data.ts";
import { toErrorData } from "./error-data.ts";

const lookMs = 1000;
/** Looks that take long are further apart, so that they take at most a tenth of the time. */
const restPerLook = 9;
const beatMs = 15_000;
/** After so long without an answer what was told may be old. */
const silentMs = 10_000;

/** Who is told of what changes. */
export interface Watcher {
  /** The run that it looks at. */
  readonly run: string | undefined;
  /** The board was read. */
  tell(): void;
  /** Nothing may have been told for long. */
  beat(): void;
}

/** The one reader of a journal, for all who look: it reads while somebody does, and has no timer else. */
export class LiveBoard {
  readonly board: Board;
  readonly #clock: RunClock;
  readonly #watchers = new Set<Watcher>();
  /** Runs that are asked for once. */
  readonly #asked = new Map<symbol, string>();
  #going: AbortController | undefined;
  #wake = new AbortController();
  #looking: Promise<void> | undefined;
  #lookedMs = -Infinity;
  #tookMs = 0;
  /** When the look began that is going on. */
  #lookingMs: number | undefined;
  #error: ErrorData | undefined;
  #errorVersion = 1;

  constructor(board: Board, clock: RunClock) {
    this.board = board;
    this.#clock = clock;
  }

  /** Whether the journal was read the last time, and a number that grows as that changes. */
  get journal(): { readonly error: ErrorData | undefined; readonly version: number } {
    return { error: this.#error, version: this.#errorVersion };
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** The time by which looks are paced. */
  now(): number {
    return this.#clock.now();
  }

  /** Tells somebody of what changes, until what it returns is called. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    if (this.#going === undefined) void this.#go();
    else this.#wake.abort();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      this.#going?.abort();
      this.#going = undefined;
    };
  }

  /** Reads the board where that was not done just now. @throws JournalError */
  async fresh(): Promise<void> {
    if (this.#clock.now() - this.#lookedMs < lookMs && this.#error === undefined) return;
    await this.#look();
  }

  /** Reads all of a run, as it is now; undefined where there is none. @throws JournalError */
  async readDetail(run: string): Promise<RunDetail | undefined> {
    const asked = Symbol(run);
    this.#asked.set(asked, run);
    try {
      // One that is going on was not asked for it.
      await this.#looking?.catch(() => undefined);
      await this.#look();
      return this.board.detail(run)?.detail;
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** Lets all who watch know at once of what was changed. */
  async changed(): Promise<void> {
    this.#lookedMs = -Infinity;
    // One that is going on may have read what was there before.
    await this.#looking?.catch(() => undefined);
    await this.#look().catch(() => undefined);
    this.#tell();
  }

  async #go(): Promise<void> {
    const going = new AbortController();
    this.#going = going;
    void this.#beat(going.signal);
    for (;;) {
      this.#wake = new AbortController();
      await this.#look().catch(() => undefined);
      if (this.#going !== going) return;
      this.#tell();
      const restMs = Math.max(lookMs - this.#tookMs, restPerLook * this.#tookMs);
      await pause(this.#clock, restMs, going.signal, this.#wake.signal);
      if (this.#going !== going) return;
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    while (await pause(this.#clock, beatMs, signal)) {
      this.#noteSilence();
      for (const watcher of this.#watchers) watcher.beat();
    }
  }

  /** A journal may take long to say that it cannot be read. */
  #noteSilence(): void {
    const sinceMs = this.#lookingMs;
    if (sinceMs === undefined || this.now() - sinceMs < silentMs) return;
    const since = new Date(sinceMs).toISOString();
    this.#note({ name: "JournalError", message: `it has not answered since ${since}` });
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher.tell();
  }

  /** At most one look goes on at a time. */
  #look(): Promise<void> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    const startMs = this.#clock.now();
    this.#lookingMs = startMs;
    const watched = [...this.#watchers].map(({ run }) => run).filter((run) => run !== undefined);
    const runs = [...watched, ...this.#asked.values()];
    try {
      await this.board.look(runs, startMs);
      this.#note(undefined);
    } catch (error) {
      this.#note(toErrorData(error));
      throw error;
    } finally {
      this.#lookingMs = undefined;
      this.#lookedMs = startMs;
      this.#tookMs = Math.max(0, this.#clock.now() - startMs);
    }
  }

  #note(error: ErrorData | undefined): void {
    if (JSON.stringify(error) === JSON.stringify(this.#error)) return;
    this.#error = error;
    this.#errorVersion += 1;
  }
}
