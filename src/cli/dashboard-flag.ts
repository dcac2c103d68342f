import { parseCount } from "./run-flags.ts";

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
