import { VisionBatchError } from "../errors/index.ts";
import type { Run, Runs, RunSnapshot } from "../runs/index.ts";
import { endUnread } from "./end-unread.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { watchInterrupts, type InterruptChoice } from "./interrupts.ts";
import { askInterrupt } from "./render/ask-interrupt.ts";
import { describeLeft, readLeft, type LeftHints } from "./render/left-run.ts";
import type { Progress } from "./render/progress.ts";
import { RunNotes } from "./run-notes.ts";
import { runProgress } from "./render/run-progress.ts";
import { say } from "./say.ts";
import type { Streams } from "./streams.ts";

/** Options of {@link RunWork}. */
export interface RunWorkOptions {
  readonly streams: Streams;
  readonly progress: Progress;
  /** What the first Ctrl-C does; `ask` asks on a terminal what becomes of running operations, else leaves. */
  readonly onInterrupt: "leave" | "cancel" | "ask";
  readonly hints: LeftHints;
}

/** How a command left a run. */
export interface RunEnd {
  readonly snapshot: RunSnapshot;
  /** Whether it is over; else nothing more comes of it by itself. */
  readonly isOver: boolean;
}

/** How often the progress is looked at. */
const intervalMs = 500;

/**
 * What a command does with a run: brings it to its end and shows how far it has come, until Ctrl-C or
 * SIGTERM. The first one finishes the write in hand and says how to go on; a second one ends the process.
 */
export class RunWork implements Disposable {
  readonly #options: RunWorkOptions;
  readonly #stopped = new AbortController();
  /** Takes a question back once there is nothing left to decide. */
  readonly #decided = new AbortController();
  readonly #watching: Disposable;
  readonly #startedMs = Date.now();
  #current: { readonly runs: Runs; readonly run: Run } | undefined;
  #snapshot: RunSnapshot | undefined;
  #interrupted: Exclude<InterruptChoice, "goOn"> | undefined;

  constructor(options: RunWorkOptions) {
    this.#options = options;
    this.#watching = watchInterrupts({
      choose: () => this.#choose(),
      onChoice: (choice) => void this.#interrupt(choice),
      leaveNow: () => {
        options.progress.stop();
        if (this.#current !== undefined && !options.hints.embedded) {
          this.#say([`go on with: ${options.hints.goOn}`]);
        }
        process.exit(exitCodes.interrupted);
      },
    });
  }

  /** Aborts when the command is to end. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  get isInterrupted(): boolean {
    return this.#interrupted !== undefined;
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
    this.#options.progress.stop();
  }

  /** Does something that an interrupt ends. */
  async guard(act: () => Promise<ExitCode>): Promise<ExitCode> {
    try {
      const code = await act();
      return this.isInterrupted ? exitCodes.interrupted : code;
    } catch (error) {
      if (!this.isInterrupted) throw error;
      return exitCodes.interrupted;
    } finally {
      this.#options.progress.stop();
      if (this.signal.aborted) await endUnread(this.#options.streams);
    }
  }

  /**
   * Follows a run that these runs work on until it is over, or only a person can help. What is left is
   * said, also when this throws.
   * @throws the reason of an interrupt; JournalError
   */
  async follow(runs: Runs, run: Run): Promise<RunEnd> {
    this.#current = { runs, run };
    if (isOver(run)) this.#options.progress.note(`run ${run.id} was over before: ${run.state}`);
    try {
      const snapshot = await this.#watch(run);
      if (isOver(snapshot) && snapshot.state !== "failed") return { snapshot, isOver: true };
      this.#options.progress.stop();
      if (snapshot.error !== undefined) this.#say([snapshot.error.message]);
      await this.#leave(runs, run);
      return { snapshot, isOver: false };
    } catch (error) {
      await this.#leave(runs, run);
      throw error;
    } finally {
      this.#decided.abort();
    }
  }

  async #watch(run: Run): Promise<RunSnapshot> {
    const { progress, hints } = this.#options;
    const notes = new RunNotes(run, progress, { sinceMs: this.#startedMs, show: hints.show });
    for await (const snapshot of run.progress({ intervalMs, signal: this.signal })) {
      this.#snapshot = snapshot;
      await notes.tell();
      progress.update(runProgress(snapshot));
      if (isStuck(snapshot)) break;
    }
    if (this.#snapshot === undefined) throw new VisionBatchError(`run ${run.id} was removed`);
    return this.#snapshot;
  }

  /** Finishes what is in hand and says what is left. */
  async #leave(runs: Runs, run: Run): Promise<void> {
    this.#options.progress.stop();
    await runs.close();
    this.#say(describeLeft(await readLeft(run), this.#options.hints));
  }

  async #choose(): Promise<InterruptChoice> {
    const { onInterrupt, streams, progress } = this.#options;
    if (onInterrupt !== "ask") return onInterrupt;
    const { submitting = 0, running = 0 } = this.#snapshot?.chunks ?? {};
    const open = submitting + running;
    const mayAsk = streams.stdin.isTTY === true && streams.stderr.isTTY === true;
    if (!mayAsk || open === 0 || this.#decided.signal.aborted) return "leave";
    progress.pause();
    try {
      return await askInterrupt(streams, open, this.#decided.signal);
    } finally {
      progress.resume();
    }
  }

  async #interrupt(choice: Exclude<InterruptChoice, "goOn">): Promise<void> {
    this.#interrupted = choice;
    const current = this.#current;
    const isToCancel =
      choice === "cancel" && current !== undefined && !this.#decided.signal.aborted;
    try {
      if (isToCancel) await this.#cancel(current.runs, current.run);
      else this.#stopped.abort(new Error("interrupted"));
    } catch (error) {
      this.#stopped.abort(error);
    }
  }

  async #cancel(runs: Runs, run: Run): Promise<void> {
    const { operations } = await readLeft(run);
    for (const name of operations) this.#options.progress.note(`to be cancelled: ${name}`);
    await runs.cancel(run.id);
  }

  #say(lines: readonly string[]): void {
    for (const line of lines) say(this.#options.streams, line);
  }
}

/** Whether a run has ended or was stopped by an error. */
export function isOver({ state }: Pick<RunSnapshot, "state">): boolean {
  return state === "done" || state === "cancelled" || state === "failed";
}

/** Whether nothing more happens to a run unless a person does something. */
export function isStuck({ state, chunks, undecided }: RunSnapshot): boolean {
  if (isOver({ state }) || state === "cancelling" || state === "planning") return false;
  const active = chunks.submitting + chunks.running + chunks.collecting;
  const looked = chunks.unknown - undecided;
  if (active + looked > 0) return false;
  return state === "paused" || (undecided > 0 && chunks.planned === 0);
}
