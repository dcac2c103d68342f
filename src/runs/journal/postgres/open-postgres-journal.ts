import type { ClientBase, PoolConfig } from "pg";
import { loadOptional } from "../../../errors/index.ts";
import type { BeforeCommit } from "./journal-write.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { toJournalError } from "./postgres-errors.ts";
import { PostgresJournal } from "./postgres-journal.ts";
import { readPostgresUrl, type PostgresPlace } from "./postgres-url.ts";
import { prepareSchema } from "./schema.ts";
import { Sockets } from "./sockets.ts";

/** Options of {@link openPostgresJournal}. */
export interface PostgresJournalOptions {
  /** `postgres://user:password@host:5432/database`, with the driver's parameters (`sslmode`, `host`) and `schema`. */
  readonly url: string;
  /** Where its tables are. Default: the URL's `schema`, or `vision_batch`. */
  readonly schema?: string;
  /** Whether a journal that is not there is made; the database must be there. Default true. */
  readonly create?: boolean;
  /** Default 10. */
  readonly maxConnections?: number;
  /** How long others may hold what a call needs before it fails as `locked`. Default 10,000. */
  readonly lockTimeoutMs?: number;
  /** How long a server that cannot be reached is tried again before a call fails as `unavailable`. Default 30,000. */
  readonly outageMs?: number;
  /** Called at the end of each transaction that writes. */
  readonly beforeCommit?: BeforeCommit;
}

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;
/** A stopped process holds its locks no longer than others wait for them. */
const idleInTransactionMs = 5_000;
const int8 = 20;

/**
 * Opens the journal in a schema of a PostgreSQL database, which any number of machines may use at a time.
 * @throws JournalError; MissingPackageError where the package pg is not installed.
 */
export async function openPostgresJournal(
  options: PostgresJournalOptions,
): Promise<PostgresJournal> {
  const place = readPostgresUrl(options.url, options.schema);
  const { journal, schema } = place;
  const { outageMs = 30_000, create = true } = options;
  const sockets = new Sockets();
  const pool = await makePool(place, options, sockets);
  // Who opens a journal is told at once that it cannot be reached.
  const opening = new PostgresDatabase(pool, { journal, schema, sockets, outageMs: 0 });
  try {
    await prepareSchema(opening, { create });
  } catch (error) {
    await opening.close();
    throw error;
  }
  const database = new PostgresDatabase(pool, { journal, schema, sockets, outageMs });
  database.isLax = opening.isLax;
  return new PostgresJournal(database, options.beforeCommit);
}

async function makePool(
  place: PostgresPlace,
  options: PostgresJournalOptions,
  { make: stream }: Sockets,
) {
  const { maxConnections = 10, lockTimeoutMs = 10_000 } = options;
  const { default: pg } = await loadOptional("pg", "a journal in PostgreSQL", () => import("pg"));
  const config: PoolConfig = {
    ...{ connectionString: place.connectionString, fallback_application_name: "vision-batch" },
    ...{ max: maxConnections, allowExitOnIdle: true, keepAlive: true },
    ...{ connectionTimeoutMillis: connectTimeoutMs, lock_timeout: lockTimeoutMs },
    ...{ statement_timeout: statementTimeoutMs, stream },
    idle_in_transaction_session_timeout: idleInTransactionMs,
    types: {
      getTypeParser: ((oid: number, format?: "text"): unknown =>
        oid === int8 ? toSafeNumber : pg.types.getTypeParser(oid, format)) as never,
    },
  };
  try {
    const pool = new pg.Pool(config);
    // Each connection that breaks is an error of whoever uses it; a pool without a listener ends the process.
    pool.on("error", () => undefined);
    pool.on("connect", (client: ClientBase) => client.on("error", () => undefined));
    return pool;
  } catch (error) {
    throw toJournalError(error, place.journal);
  }
}

function toSafeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${text} is too large for a number`);
}
