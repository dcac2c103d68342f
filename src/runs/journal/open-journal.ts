import { JournalError } from "../../errors/index.ts";
import type { Journal } from "./journal.ts";
import { isPostgresUrl } from "./postgres/postgres-url.ts";

/** Options of {@link openJournal}. */
export interface OpenJournalOptions {
  /** Whether a journal that is not there is made. Default true. */
  readonly create?: boolean;
}

const sqliteScheme = "sqlite:";

/**
 * Opens a journal by its URL: `sqlite:runs.db`, a file; `sqlite::memory:`, which ends with the process;
 * `postgres://user@host/database`, a schema in a database. What keeps it is loaded here, at first use.
 * @throws {@link JournalError}; MissingPackageError for PostgreSQL where the package pg is not installed.
 */
export async function openJournal(url: string, options: OpenJournalOptions = {}): Promise<Journal> {
  if (isPostgresUrl(url)) {
    const { openPostgresJournal } = await import("./postgres/open-postgres-journal.ts");
    return openPostgresJournal({ url, ...options });
  }
  const path = url.startsWith(sqliteScheme) ? url.slice(sqliteScheme.length) : "";
  if (path === "") {
    throw new JournalError(
      "a journal is named as sqlite:PATH, e.g. sqlite:runs.db, or as postgres://USER@HOST/DATABASE",
      // What is no URL of ours may still hold a password.
      { reason: "unsupported", journal: url.replace(/\/\/.*@/s, "//") },
    );
  }
  const { openSqliteJournal } = await import("./sqlite/open-sqlite-journal.ts");
  return openSqliteJournal({ path, ...options });
}
