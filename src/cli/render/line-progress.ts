import type { Writable } from "node:stream";
import { escapeForTerminal } from "./escape.ts";
import { OpenQuestion } from "./open-question.ts";
import { describe, type Progress, type ProgressState } from "./progress.ts";

/** Options of {@link LineProgress}. */
export interface LineProgressOptions {
  /** The least time between two lines of one phase, in milliseconds. Default 10,000. */
  readonly intervalMs?: number;
  /** Whether only notes are shown. */
  readonly quiet?: boolean;
  /** The time in milliseconds. Default: the machine's. */
  readonly now?: () => number;
}

/** Progress for logs and pipes: a line when a phase begins and ends, and now and then between. */
export class LineProgress implements Progress {
  readonly #output: Writable;
  readonly #intervalMs: number;
  readonly #quiet: boolean;
  readonly #now: () => number;
  readonly #question = new OpenQuestion();
  #shown: ProgressState | undefined;
  #last: ProgressState | undefined;
  #shownAt = 0;

  constructor(output: Writable, options: LineProgressOptions = {}) {
    this.#output = output;
    this.#intervalMs = options.intervalMs ?? 10_000;
    this.#quiet = options.quiet ?? false;
    this.#now = options.now ?? Date.now;
  }

  update(state: ProgressState): void {
    if (this.#quiet || same(state, this.#shown)) return;
    const isEnd = state.done === state.total;
    const isNew = state.phase !== this.#shown?.phase;
    if (isNew) this.#showLast();
    this.#last = state;
    if (!isNew && !isEnd && this.#now() - this.#shownAt < this.#intervalMs) return;
    this.#show(state);
  }

  #show(state: ProgressState): void {
    this.#shown = state;
    this.#shownAt = this.#now();
    this.note(describe(state));
  }

  note(line: string): void {
    this.#output.write(`${escapeForTerminal(line)}\n`);
  }

  async above(write: () => Promise<void>): Promise<void> {
    await this.#question.answered;
    await write();
  }

  pause(): void {
    this.#question.ask();
  }

  resume(): void {
    this.#question.answer();
  }

  /** Shows how far the phase has come in the end. */
  stop(): void {
    this.#question.answer();
    this.#showLast();
  }

  #showLast(): void {
    if (this.#last !== undefined && !same(this.#last, this.#shown)) this.#show(this.#last);
    this.#last = undefined;
  }
}

function same(a: ProgressState, b: ProgressState | undefined): boolean {
  return b !== undefined && describe(a) === describe(b);
}
