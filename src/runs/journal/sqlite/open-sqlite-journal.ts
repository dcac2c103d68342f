import { JournalError } from "../../../errors/index.ts";
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Journal } from "../journal.ts";
import { checkSqliteVersion, loadSqlite } from "./load-sqlite.ts";
import { migrate, readSchemaVersion, schemaVersion } from "./schema.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { toJournalError } from "./sqlite-errors.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

/** Options of {@link openSqliteJournal}. */
export interface SqliteJournalOptions {
  /** The file, or `:memory:` for a journal that ends with the process. */
  readonly path: string;
  /** Whether a file that is not there is made. Default true. */
  readonly create?: boolean;
  /** How long another process may hold the file before a call fails as `locked`. Default 10,000. */
  readonly lockTimeoutMs?: number;
}

const memory = ":memory:";

/**
 * Opens the journal in a SQLite file, which several processes of one machine may use at a time. Beside
 * the file stand two more while it is open, `-wal` and `-shm`: they belong to it.
 * @throws {@link JournalError}
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const { path, create = true, lockTimeoutMs = 10_000 } = options;
  const journal = `sqlite:${path}`;
  const isFile = path !== memory;
  if (isFile) checkPath(path, { create, journal });
  const database = connect(path, { journal, lockTimeoutMs });
  try {
    await prepare(database, isFile);
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteJournal(database);
}

/** SQLite has one answer to all of this: that it is unable to open the file. */
function checkPath(
  path: string,
  { create, journal }: { readonly create: boolean; readonly journal: string },
): void {
  const folder = dirname(path);
  const isThere = existsSync(path);
  if (!existsSync(folder) || (!create && !isThere)) {
    const what = create ? `the folder ${folder} is not there` : "there is no such file";
    throw new JournalError(what, { reason: "notFound", journal });
  }
  for (const needed of isThere ? [folder, path] : [folder]) {
    try {
      accessSync(needed, constants.W_OK);
    } catch (cause) {
      const what = `${needed} cannot be written; a journal makes files beside its own`;
      throw new JournalError(what, { reason: "readOnly", journal }, { cause });
    }
  }
}

/** How long the thread itself waits for a lock, where SQLite takes one inside a statement. */
const blockingTimeoutMs = 50;

function connect(
  path: string,
  options: { readonly journal: string; readonly lockTimeoutMs: number },
): SqliteDatabase {
  const { journal } = options;
  const { DatabaseSync } = loadSqlite(journal);
  try {
    return new SqliteDatabase(new DatabaseSync(path, { timeout: blockingTimeoutMs }), options);
  } catch (error) {
    throw toJournalError(error, journal);
  }
}

async function prepare(database: SqliteDatabase, isFile: boolean): Promise<void> {
  const found = await database.read(() => {
    const row = database.get("select sqlite_version() as version") as
      { version: string } | undefined;
    if (isFile) checkSqliteVersion(row?.version ?? "", database.journal);
    return readSchemaVersion(database);
  });
  if (isFile) await database.execute("pragma journal_mode = wal");
  await database.execute("pragma synchronous = full");
  await database.execute(`pragma journal_size_limit = ${walBytesKept}`);
  if (found < schemaVersion) await migrate(database);
}

/** What is kept of the file `-wal` between writes, so that a long plan does not leave a large one. */
const walBytesKept = 64 * 1024 * 1024;
