import type { ClientBase, QueryResult } from "pg";
import { compileSql, type Values } from "./compile-sql.ts";
import { isDisconnected, isOfServer, toJournalError } from "./postgres-errors.ts";

/** What a connection is to, and how long it is waited for. */
export interface QueryPlace {
  readonly journal: string;
  readonly schema: string;
  /** Default: as long as it takes. */
  readonly timeoutMs?: number;
}

/** Statements over one connection, mostly within a transaction. @throws JournalError */
export class Queries {
  readonly #client: ClientBase;
  readonly #place: QueryPlace;

  constructor(client: ClientBase, place: QueryPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** The rows of a statement; `:name` stands for a value, `journal.` for the schema. */
  async all(sql: string, values: Values = {}): Promise<readonly unknown[]> {
    return (await this.#send(sql, values)).rows as readonly unknown[];
  }

  /** The first row of a statement. */
  async get(sql: string, values: Values = {}): Promise<unknown> {
    return (await this.all(sql, values))[0];
  }

  /** Runs a statement; tells how many rows it changed. */
  async run(sql: string, values: Values = {}): Promise<number> {
    return (await this.#send(sql, values)).rowCount ?? 0;
  }

  /** Runs several statements that take no values; the rows of the last. */
  async script(sql: string): Promise<readonly unknown[]> {
    const { text } = compileSql(sql, this.#place);
    const results = (await this.#ask({ text })) as QueryResult | QueryResult[];
    const last = Array.isArray(results) ? results.at(-1) : results;
    return (last?.rows ?? []) as readonly unknown[];
  }

  /**
   * Lends the connection itself. What the server says, and that it is gone, are errors of the journal like
   * those of its own statements, and so tried again; what else the borrower throws stays as it is.
   */
  async lend(use: (client: ClientBase) => Promise<void>): Promise<void> {
    try {
      await use(this.#client);
    } catch (error) {
      if (isOfServer(error)) throw toJournalError(error, this.#place.journal);
      await this.#checkConnection();
      throw error;
    }
  }

  /** A driver has many ways to say that a connection is gone, and who borrows it has more. */
  async #checkConnection(): Promise<void> {
    try {
      await this.script("select 1");
    } catch (error) {
      if (isDisconnected(error)) throw error;
    }
  }

  /** Runs a statement of somebody else as it is. @throws what the driver throws. */
  async foreign(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }> {
    return this.#client.query<Record<string, unknown>>(text, values);
  }

  async #send(sql: string, values: Values): Promise<QueryResult> {
    return this.#ask(compileSql(sql, { ...this.#place, values }));
  }

  async #ask(statement: { readonly text: string; values?: unknown[] }): Promise<QueryResult> {
    const { timeoutMs, journal } = this.#place;
    const limit = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
    try {
      return await this.#client.query({ ...statement, ...limit });
    } catch (error) {
      throw toJournalError(error, journal);
    }
  }
}
