import type { ConnectionFlags } from "./connection.ts";

/** The options of every command that has to do with runs. */
export interface RunsFlags extends ConnectionFlags {
  /** e.g. `sqlite:FILE`. */
  readonly journal: string;
  /** A file with a table of prices. */
  readonly prices?: string;
  /** Seconds. */
  readonly lease?: string;
  readonly quiet?: boolean;
  /** False with `--no-work`: others work on the run. */
  readonly work?: boolean;
}
