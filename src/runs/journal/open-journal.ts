import { JournalError } from "../../errors/index.ts";
import type { Journal } from "./journal.ts";

/** Options of {@link openJournal}. */
export interface OpenJournalOptions {
  /** Whether a journal that is not there is made. Default true. */
  readonly create?: boolean;
}

const sqliteScheme = "sqlite:";

/**
 * Opens a journal by its URL: `sqlite:runs.db`, a file, or `sqlite::memory:`, which ends with the
 * process. What keeps it is loaded here, at first use.
 * @throws {@link JournalError}
 */
export async function openJournal(url: string, options: OpenJournalOptions = {}): Promise<Journal> {
  const path = url.startsWith(sqliteScheme) ? url.slice(sqliteScheme.length) : "";
  if (path === "") {
    throw new JournalError("a journal is named as sqlite:PATH, e.g. sqlite:runs.db", {
      ...{ reason: "unsupported", journal: url },
    });
  }
  const { openSqliteJournal } = await import("./sqlite/open-sqlite-journal.ts");
  return openSqliteJournal({ path, ...options });
}
