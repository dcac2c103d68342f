import { JournalError } from "../../../errors/index.ts";

/** Node's own SQLite. */
export type Sqlite = typeof import("node:sqlite");

/** Before 3.51.3, two connections could corrupt a WAL file. Source: https://sqlite.org/releaselog/3_51_3.html */
const oldestForFiles = [3, 51, 3] as const;

/**
 * Loads Node's SQLite, without the warning of those releases of Node that still call it experimental:
 * it would reach the users of every program that keeps a journal.
 * @throws {@link JournalError} `unsupported`, where this Node has none.
 */
export function loadSqlite(journal: string): Sqlite {
  const sqlite = withoutWarning(() => process.getBuiltinModule("node:sqlite" as string));
  if (sqlite !== undefined) return sqlite as Sqlite;
  throw new JournalError(
    `Node ${process.versions.node} has no SQLite: use Node 22.23, 24.15 or later`,
    { reason: "unsupported", journal },
  );
}

/** Refuses a SQLite that may corrupt a file. @throws {@link JournalError} `unsupported` */
export function checkSqliteVersion(version: string, journal: string): void {
  const parts = version.split(".").map(Number);
  for (const [index, oldest] of oldestForFiles.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new JournalError(
        `SQLite ${version} may corrupt a file that two processes use; use Node 22.23, 24.15 or later, which have ${oldestForFiles.join(".")}`,
        { reason: "unsupported", journal },
      );
    }
  }
}

/** The module is loaded synchronously, so nobody else's warning can fall into this. */
function withoutWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  const own = Object.getOwnPropertyDescriptor(process, "emitWarning");
  const muted = (warning: string | Error, ...rest: never[]): void => {
    if (!/SQLite is an experimental feature/.test(String(warning))) emitWarning(warning, ...rest);
  };
  process.emitWarning = muted;
  try {
    return load();
  } finally {
    if (own !== undefined) Object.defineProperty(process, "emitWarning", own);
  }
}
