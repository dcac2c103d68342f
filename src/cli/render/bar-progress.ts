import { styleText } from "node:util";
import type { Streams } from "../streams.ts";
import { escapeForTerminal } from "./escape.ts";
import { OpenQuestion } from "./open-question.ts";
import { describe, type Progress, type ProgressState } from "./progress.ts";

const defaultFrameMs = 100;
const widestBar = 24;
/** What the words beside the bar need to say anything. */
const leastWords = 30;
/** For a terminal that does not tell its width. */
const defaultColumns = 80;
/** The cursor goes to the line above it, which is emptied. */
const eraseLine = "\u001b[1A\u001b[2K";

/**
 * One line with a bar that is drawn over and over. It leaves the input alone, so that Ctrl-C stays
 * the signal that it is; the bar of the prompts library takes the keyboard and ends the process.
 */
export class BarProgress implements Progress {
  readonly #output: Streams["stderr"];
  readonly #startedAt = Date.now();
  readonly #frameMs: number;
  readonly #question = new OpenQuestion();
  #state: ProgressState | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The line that the cursor is below. */
  #drawn = "";

  /** @param frameMs the time between two drawings, in milliseconds. */
  constructor(output: Streams["stderr"], frameMs = defaultFrameMs) {
    this.#output = output;
    this.#frameMs = frameMs;
    this.resume();
  }

  update(state: ProgressState): void {
    const ended = this.#state !== undefined && this.#state.phase !== state.phase;
    if (ended && this.#state !== undefined) this.note(describe(this.#state));
    this.#state = state;
  }

  note(line: string): void {
    this.#clear();
    this.#output.write(`${escapeForTerminal(line)}\n`);
    this.#draw();
  }

  async above(write: () => Promise<void>): Promise<void> {
    await this.#question.answered;
    this.#clear();
    await write();
    this.#draw();
  }

  pause(): void {
    this.#question.ask();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#clear();
  }

  resume(): void {
    this.#question.answer();
    this.#timer ??= setInterval(() => {
      this.#draw();
    }, this.#frameMs).unref();
  }

  stop(): void {
    this.pause();
    this.#question.answer();
    if (this.#state !== undefined)
      this.#output.write(`${escapeForTerminal(describe(this.#state))}\n`);
    this.#state = undefined;
  }

  #draw(): void {
    if (this.#state === undefined || this.#timer === undefined) return;
    const line = this.#line(this.#state);
    if (line === this.#drawn) return;
    // In one piece, so that no terminal shows the line empty.
    this.#output.write(`${this.#drawn === "" ? "" : eraseLine}${line}\n`);
    this.#drawn = line;
  }

  #clear(): void {
    if (this.#drawn !== "") this.#output.write(eraseLine);
    this.#drawn = "";
  }

  #line(state: ProgressState): string {
    const { done, total = 0 } = state;
    const columns = this.#output.columns || defaultColumns;
    const barWidth = Math.max(0, Math.min(widestBar, columns - leastWords));
    const filled = total === 0 ? 0 : Math.floor((Math.min(done, total) / total) * barWidth);
    const bar = "━".repeat(filled);
    // Of another form as well, for terminals without colours.
    const rest = "─".repeat(barWidth - filled);
    const seconds = Math.floor((Date.now() - this.#startedAt) / 1000);
    const text = escapeForTerminal(`${describe(state)} (${seconds} s)`);
    const room = Math.max(1, columns - barWidth - 2);
    const cut = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    const style = { stream: this.#output };
    return `${styleText("green", bar, style)}${styleText("dim", rest, style)} ${cut}`.trimStart();
  }
}
