import { parseCount } from "./run-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Where a dashboard is asked for. */
export interface DashboardFlag {
  /** As it is called, e.g. `--web`. */
  readonly flag: string;
  /** A port, `true` for a free one. */
  readonly given: string | true;
}

/** Reads a port; undefined where any is good. @throws UsageError */
export function parsePort({ flag, given }: DashboardFlag): number | undefined {
  return given === true ? undefined : parseCount(flag, given, { max: 65_535 });
}

/** Takes what follows `--web` as a port. @throws UsageError for what is none, e.g. the ID that was to follow */
export function readWebPort(given: string): string {
  if (/^\d+$/.test(given)) return given;
  throw new UsageError(
    `--web takes a port, and ${JSON.stringify(given)} is not a port: put --web after the ID, or write --web=PORT`,
  );
}
