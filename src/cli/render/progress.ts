/** How far a phase has come. */
export interface ProgressState {
  /** What is being done, e.g. `annotating`. */
  readonly phase: string;
  readonly done: number;
  /** Absent where nobody knows. */
  readonly total?: number;
  /** What `done` and `total` count, e.g. `inputs`. */
  readonly unit: string;
  /** What else there is to say, e.g. `2 of 3 operations done`. */
  readonly detail?: string;
}

/** Shows how far the work has come, on stderr. */
export interface Progress {
  update(state: ProgressState): void;
  /** Says something that stays on the screen. */
  note(line: string): void;
  /** Writes above what is shown, on the same screen; after a question, where one is being asked. */
  above(write: () => Promise<void>): Promise<void>;
  /** Clears the way for a question; `resume` shows the progress again. */
  pause(): void;
  resume(): void;
  /** Ends the showing; what was noted stays. */
  stop(): void;
}

/** A state in words. */
export function describe({ phase, done, total, unit, detail }: ProgressState): string {
  const counts = `${phase}: ${done}${total === undefined ? "" : ` of ${total}`} ${unit}`;
  return detail === undefined ? counts : `${counts}, ${detail}`;
}
