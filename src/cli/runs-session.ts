import { JournalError } from "../errors/index.ts";
import type { Journal, Run, Runs } from "../runs/index.ts";
import { openJournal } from "../runs/journal/open-journal.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { connect, type ServiceConnection } from "./connection.ts";
import { runsCommand } from "./run-commands.ts";
import { parseNumber, readPrices } from "./run-flags.ts";
import type { RunsFlags } from "./runs-flags.ts";
import { shownJournal } from "./shown-journal.ts";
import { UsageError } from "./usage-error.ts";

/** Runs of a journal, and what they are worked on with. */
export interface RunsSession extends AsyncDisposable {
  readonly runs: Runs;
  readonly connection: ServiceConnection;
}

interface SessionParts {
  readonly flags: Pick<RunsFlags, "prices" | "lease" | "work">;
  readonly connection: ServiceConnection;
  readonly journal: Journal;
}

/** Opens the runs of a journal, which is made where it is not there; the connection stays open. @throws JournalError, UsageError */
export async function openRunsOver(
  connection: ServiceConnection,
  flags: Pick<RunsFlags, "journal" | "prices" | "lease" | "work">,
): Promise<RunsSession> {
  const journal = await openJournal(flags.journal);
  return toSession({ flags, connection, journal }, () => journal.close());
}

/** Opens the runs of a journal that is there, to look at them all. @throws JournalError, UsageError */
export async function openRunsThere(flags: RunsFlags): Promise<RunsSession> {
  return connectSession(flags, await openThere(flags));
}

/** Opens the runs of a journal for one of them, in the version of the API that it is of. @throws JournalError, UsageError */
export async function openRunsOf(
  id: string,
  flags: RunsFlags,
): Promise<RunsSession & { readonly run: Run; readonly version: ApiVersion }> {
  const journal = await openThere(flags);
  const record = await journal.findRun(id);
  if (record === undefined) {
    await journal.close();
    const list = runsCommand(["list"], flags);
    throw new UsageError(
      `there is no run ${id} in the journal ${shownJournal(flags.journal)}: see those that are there by: ${list}`,
    );
  }
  const version = record.options["version"] as ApiVersion;
  const session = await connectSession({ ...flags, apiVersion: version }, journal);
  const run = await session.runs.get(id);
  if (run !== undefined) return { ...session, run, version };
  await session[Symbol.asyncDispose]();
  throw new UsageError(`run ${id} was removed`);
}

/** @throws UsageError where there is none: what one looks for stands in another */
async function openThere({ journal }: RunsFlags): Promise<Journal> {
  try {
    return await openJournal(journal, { create: false });
  } catch (error) {
    if (!(error instanceof JournalError) || error.reason !== "notFound") throw error;
    const hint = "`runs start` makes one, --journal names another";
    throw new UsageError(`${error.message}: ${hint}`, { cause: error });
  }
}

async function connectSession(flags: RunsFlags, journal: Journal): Promise<RunsSession> {
  const connection = await connect(flags);
  return toSession({ flags, connection, journal }, async () => {
    await journal.close();
    await connection[Symbol.asyncDispose]();
  });
}

async function toSession(
  { flags, connection, journal }: SessionParts,
  close: () => Promise<void>,
): Promise<RunsSession> {
  try {
    const prices = await readPrices(flags.prices);
    const store = await connection.store();
    const leaseMs = parseLease(flags.lease);
    const runs = await connection.client.runs({
      journal,
      store,
      prices,
      leaseMs,
      drive: flags.work,
    });
    return {
      ...{ runs, connection },
      [Symbol.asyncDispose]: async () => {
        await runs.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function parseLease(lease: string | undefined): number | undefined {
  if (lease === undefined) return undefined;
  const seconds = parseNumber("--lease", lease);
  if (seconds >= 1) return seconds * 1000;
  throw new UsageError(`--lease ${lease}: expected seconds, at least 1`);
}
