import { existsSync } from "node:fs";
import { access, constants, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSqliteVersion } from "../runs/journal/sqlite/load-sqlite.ts";
import { removeAtExit } from "./remove-at-exit.ts";

const scheme = "sqlite:";
const inMemory = `${scheme}:memory:`;

/** A journal that is there for one run only: what is kept of it lets the run go on after a crash. */
export class TemporaryJournal {
  /** As `--journal` takes it. */
  readonly url: string;
  /** Whether it outlives the process, so that another one can go on with the run. */
  readonly outlives: boolean;
  readonly #leftovers: readonly Disposable[];

  private constructor(url: string) {
    this.url = url;
    this.outlives = url !== inMemory;
    // One that is there was kept by an earlier process, for this one or another to go on with.
    const isKept = filesOf(url).some((file) => existsSync(file));
    this.#leftovers = isKept ? [] : filesOf(url).map(removeAtExit);
  }

  /**
   * Names a journal for a run: a file in the working folder, where it outlives a restart of the machine, or
   * where that cannot be written, in the folder for temporary files. Unless it is kept it ends with the
   * process, and so it does in any case where the SQLite of this Node is too old for files.
   */
  static async forRun(
    id: string,
    sqliteVersion = process.versions["sqlite"],
  ): Promise<TemporaryJournal> {
    if (!keepsFiles(sqliteVersion)) return TemporaryJournal.inMemory();
    const isWritable = await access(".", constants.W_OK).then(
      () => true,
      () => false,
    );
    const name = `vision-batch-${id}.db`;
    return new TemporaryJournal(`${scheme}${isWritable ? name : join(tmpdir(), name)}`);
  }

  /** A journal in memory, for a run that cannot outlive the process. */
  static inMemory(): TemporaryJournal {
    return new TemporaryJournal(inMemory);
  }

  /** From here on the journal is worth more than a tidy folder. */
  keep(): void {
    for (const leftover of this.#leftovers) leftover[Symbol.dispose]();
  }

  /** Removes the journal, once it is closed. */
  async remove(): Promise<void> {
    await removeJournal(this.url);
    this.keep();
  }
}

/** Removes the files of a journal that nobody has open. */
export async function removeJournal(url: string): Promise<void> {
  for (const file of filesOf(url)) await rm(file, { force: true });
}

function keepsFiles(sqliteVersion = ""): boolean {
  try {
    checkSqliteVersion(sqliteVersion, inMemory);
    return true;
  } catch {
    return false;
  }
}

function filesOf(url: string): readonly string[] {
  if (url === inMemory) return [];
  const path = url.slice(scheme.length);
  return [path, `${path}-wal`, `${path}-shm`];
}
