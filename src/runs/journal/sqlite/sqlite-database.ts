import { JournalError } from "../../../errors/index.ts";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { isBusy, toJournalError } from "./sqlite-errors.ts";

/** Values of a statement by name; undefined is written as null. */
export type Values = Readonly<Record<string, SQLInputValue | undefined>>;

/** The longest pause before a locked database is tried again. */
const maxPauseMs = 100;

/** One connection: prepared statements kept by their text, transactions, errors of the journal. */
export class SqliteDatabase {
  /** As it is shown, e.g. `sqlite:runs.db`. */
  readonly journal: string;
  readonly #connection: DatabaseSync;
  readonly #lockTimeoutMs: number;
  readonly #statements = new Map<string, StatementSync>();
  #closed = false;

  constructor(
    connection: DatabaseSync,
    options: { readonly journal: string; readonly lockTimeoutMs: number },
  ) {
    this.#connection = connection;
    this.journal = options.journal;
    this.#lockTimeoutMs = options.lockTimeoutMs;
  }

  /** Runs a transaction that writes; `work` must not wait for anything, for the file is locked meanwhile. */
  async write<T>(work: () => T): Promise<T> {
    return this.#whileBusy(() => this.#transact("begin immediate", work));
  }

  /**
   * As `write`, but that a loss of power may take it back, with all that is written after it: it is on the disk
   * with the next `write` that changes anything. No other end of a process takes it back.
   */
  async writeSoon<T>(work: () => T): Promise<T> {
    return this.#whileBusy(() => {
      this.run("pragma synchronous = normal");
      try {
        return this.#transact("begin immediate", work);
      } finally {
        this.run("pragma synchronous = full");
      }
    });
  }

  /** Runs a transaction that sees one state of the journal and changes nothing. */
  async read<T>(work: () => T): Promise<T> {
    return this.#whileBusy(() => this.#transact("begin", work));
  }

  /** Runs statements outside of any transaction, trying again while another process holds the file. */
  async execute(sql: string): Promise<void> {
    await this.#whileBusy(() => {
      this.script(sql);
    });
  }

  /** The rows of a query. */
  all(sql: string, values: Values = {}): readonly unknown[] {
    return this.#prepare(sql).all(bindable(values));
  }

  /** The first row of a query. */
  get(sql: string, values: Values = {}): unknown {
    return this.#prepare(sql).get(bindable(values));
  }

  /** Runs a statement; tells how many rows it changed. */
  run(sql: string, values: Values = {}): number {
    return Number(this.#prepare(sql).run(bindable(values)).changes);
  }

  /** Runs several statements that take no values. */
  script(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Closes the connection; does nothing the second time. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#connection.close();
  }

  /** Waits without blocking the thread, as the busy handler of SQLite would. */
  async #whileBusy<T>(attempt: () => T): Promise<T> {
    const deadline = performance.now() + this.#lockTimeoutMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      this.#checkOpen();
      try {
        return attempt();
      } catch (error) {
        const leftMs = deadline - performance.now();
        if (!isBusy(error) || leftMs <= 0) throw toJournalError(error, this.journal);
        await sleep(Math.min(pauseMs, leftMs));
      }
    }
  }

  /** From begin to commit without a wait, for the connection is shared by all who call. */
  #transact<T>(begin: string, work: () => T): T {
    this.run(begin);
    try {
      const result = work();
      this.run("commit");
      return result;
    } catch (error) {
      // SQLite itself has rolled back after some errors, a full disk among them.
      if (this.#connection.isTransaction) this.run("rollback");
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #checkOpen(): void {
    if (!this.#closed) return;
    throw new JournalError("it is closed", { reason: "closed", journal: this.journal });
  }
}

function bindable(values: Values): Record<string, SQLInputValue> {
  const bound: Record<string, SQLInputValue> = {};
  for (const [name, value] of Object.entries(values)) bound[name] = value ?? null;
  return bound;
}
