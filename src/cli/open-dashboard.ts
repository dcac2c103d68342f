import { userInfo } from "node:os";
import { startDashboard, type Dashboard } from "../dashboard/index.ts";
import type { Runs } from "../runs/index.ts";
import { parsePort, type DashboardFlag } from "./dashboard-flag.ts";
import { packageVersion } from "./package-version.ts";
import { shownJournal } from "./shown-journal.ts";
import { UsageError } from "./usage-error.ts";

/** Serves the dashboard of a journal to browsers of this machine. @throws UsageError where the port is taken */
export async function openDashboard(
  asked: DashboardFlag,
  shown: { readonly runs: Runs; readonly journal: string; readonly worker?: string | undefined },
): Promise<Dashboard> {
  const { runs, journal, worker } = shown;
  const port = parsePort(asked);
  const named = { journal: shownJournal(journal), version: packageVersion() };
  try {
    const user = userInfo().username;
    return await startDashboard({ ...{ runs, worker, port, user }, ...named });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new UsageError(`${asked.flag} ${String(asked.given)}: ${message}`, { cause: error });
  }
}
