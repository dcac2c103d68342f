import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { JournalError } from "../../../errors/index.ts";
import { isConflict, isDisconnected, isRejection, toJournalError } from "./postgres-errors.ts";
import { Queries } from "./queries.ts";
import type { Sockets } from "./sockets.ts";

/** How a transaction is run. */
export interface TransactionOptions {
  /** It may take as long as it needs, for it changes very many rows. Default false. */
  readonly isLong?: boolean;
  /** It does nothing where it has been done, and so is repeated rather than asked for. Default false. */
  readonly isRepeatable?: boolean;
  /** It is not run a second time. Default false. */
  readonly isOnce?: boolean;
}

/** The transactions of one connection, as they are counted in the journal itself. */
interface Writer {
  readonly id: string;
  last: number;
}

/** What a database is made of. */
export interface PostgresDatabaseFields {
  readonly journal: string;
  readonly schema: string;
  /** How long a server that cannot be reached is tried again. */
  readonly outageMs: number;
  /** What is left of the pool when it has ended. */
  readonly sockets?: Sockets;
}

/** How long an answer is waited for: longer than the server itself takes before it gives up. */
const answerTimeoutMs = 65_000;
/** A connection on which nothing is answered any more is not waited for: its end takes back as much. */
const rollbackTimeoutMs = 5_000;
/** The longest pause before a server that cannot be reached is tried again. */
const maxPauseMs = 500;

/**
 * All that is read is to be found by indexes, which a server that has not counted the rows of its tables yet
 * would not use.
 */
export const byIndexes = "set local enable_seqscan = off";

/** A transaction to whose commit no answer came. */
class LostCommit extends Error {
  readonly writer: Writer | undefined;
  readonly result: unknown;

  constructor(
    fields: { readonly writer: Writer | undefined; readonly result: unknown },
    options: ErrorOptions,
  ) {
    super("the answer to a commit was lost", options);
    this.writer = fields.writer;
    this.result = fields.result;
  }
}

/**
 * A pool of connections: transactions that are tried again where nothing of them was written, and
 * looked for where the connection ended while they were committed: each leaves its number in the
 * journal. (The server's own numbers of transactions tell nothing after a crash, which gives them again.)
 */
export class PostgresDatabase {
  readonly journal: string;
  readonly schema: string;
  /** Whether the server does not wait for its disk unless told to. */
  isLax = false;
  readonly #pool: Pool;
  readonly #outageMs: number;
  readonly #sockets: Sockets | undefined;
  readonly #writers = new WeakMap<PoolClient, Writer>();
  readonly #closing = new AbortController();

  constructor(pool: Pool, { journal, schema, outageMs, sockets }: PostgresDatabaseFields) {
    this.#pool = pool;
    this.journal = journal;
    this.schema = schema;
    this.#outageMs = outageMs;
    this.#sockets = sockets;
  }

  /** Runs a transaction that writes; `work` may be run several times, of which one counts. */
  async write<T>(
    work: (queries: Queries) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#persist(() => this.#commit(work, options), options);
  }

  /** Runs statements that change nothing, each by itself. */
  async read<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#persist(() => this.#connected((client) => work(this.#queriesOf(client))));
  }

  /**
   * Runs statements that change nothing and see one state of the journal.
   */
  async snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.read(async (queries) => {
      await queries.script(`begin isolation level repeatable read read only; ${byIndexes}`);
      const result = await work(queries);
      await queries.script("commit");
      return result;
    });
  }

  /** Ends all connections; does nothing the second time. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#pool.end();
    this.#sockets?.destroy();
  }

  /** Tries again what was taken back, until the server has not been reached for too long. */
  async #persist<T>(
    attempt: () => Promise<T>,
    { isOnce = false }: TransactionOptions = {},
  ): Promise<T> {
    const deadline = performance.now() + this.#outageMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      this.#checkOpen();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof LostCommit) {
          if (await this.#wasCommitted(error, deadline)) return error.result as T;
          if (isOnce) throw error.cause;
        } else {
          const mayPass = isConflict(error) || isDisconnected(error);
          if (isOnce || !mayPass || performance.now() > deadline) throw error;
        }
        await this.#pause(pauseMs);
      }
    }
  }

  async #commit<T>(
    work: (queries: Queries) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    return this.#connected(async (client) => {
      const queries = this.#queriesOf(client, options);
      const writer = options.isRepeatable === true ? undefined : this.#countOn(client);
      await this.#begin(queries, { ...options, writer });
      const result = await work(queries);
      try {
        await queries.script("commit");
      } catch (error) {
        if (isRejection(error)) throw error;
        throw new LostCommit({ writer, result }, { cause: error });
      }
      return result;
    });
  }

  /** The connection's next transaction. */
  #countOn(client: PoolClient): Writer {
    const { id, last } = this.#writers.get(client) ?? {
      id: randomBytes(12).toString("hex"),
      last: 0,
    };
    const writer = { id, last: last + 1 };
    this.#writers.set(client, writer);
    return writer;
  }

  async #begin(
    queries: Queries,
    options: TransactionOptions & { readonly writer: Writer | undefined },
  ): Promise<void> {
    const { isLong = false, isOnce = false, writer } = options;
    const script = [
      "begin isolation level read committed read write",
      // Others that write here have tables of their own.
      ...(isOnce ? [] : [byIndexes]),
      ...(isLong ? ["set local statement_timeout = 0"] : []),
      ...(this.isLax ? ["set local synchronous_commit = on"] : []),
      ...(writer === undefined ? [] : [`${count(writer)} set last = excluded.last, at = now()`]),
    ];
    await queries.script(script.join("; "));
  }

  /** Read back rather than guessed: a repetition would find its own change and take it for another's. */
  async #wasCommitted({ writer, cause }: LostCommit, deadline: number): Promise<boolean> {
    if (writer === undefined) return false;
    for (;;) {
      const last = await this.#lastOf(writer).catch((error: unknown) => {
        if (performance.now() > deadline) throw cause;
        if (!isDisconnected(error) && !isLocked(error)) throw error;
        return undefined;
      });
      if (last !== undefined) return last === writer.last;
      await this.#pause(maxPauseMs / 10);
    }
  }

  /** The last transaction of a connection that was committed; waits for the end of one that is not over yet. */
  async #lastOf({ id }: Writer): Promise<number> {
    return this.#connected(async (client) => {
      const sql = `${count({ id, last: 0 })} set at = now() returning writer.last`;
      const [row] = await this.#queriesOf(client).script(sql);
      return (row as { readonly last: number }).last;
    });
  }

  async #connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      this.#checkOpen();
      throw toJournalError(error, this.journal);
    });
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      const isOver = error instanceof LostCommit || isDisconnected(error);
      client.release(isOver || !(await isClean(client)));
      throw error;
    }
  }

  #queriesOf(client: PoolClient, { isLong = false }: TransactionOptions = {}): Queries {
    return new Queries(client, {
      ...{ journal: this.journal, schema: this.schema },
      ...(isLong ? {} : { timeoutMs: answerTimeoutMs }),
    });
  }

  async #pause(pauseMs: number): Promise<void> {
    await sleep(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    this.#checkOpen();
  }

  #checkOpen(): void {
    if (!this.#closing.signal.aborted) return;
    throw new JournalError("it is closed", { reason: "closed", journal: this.journal });
  }
}

function count({ id, last }: Writer): string {
  return `insert into journal.writer (id, last) values ('${id}', ${last}) on conflict (id) do update`;
}

function isLocked(error: unknown): boolean {
  return error instanceof JournalError && error.reason === "locked";
}

/** Takes back what is left of a transaction; false where the connection is of no use any more. */
async function isClean(client: PoolClient): Promise<boolean> {
  try {
    const rollback = { text: "rollback", query_timeout: rollbackTimeoutMs };
    await client.query(rollback);
    return client.getTransactionStatus() === "I";
  } catch {
    return false;
  }
}
