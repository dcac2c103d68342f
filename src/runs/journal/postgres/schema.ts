import { JournalError } from "../../../errors/index.ts";
import { quoteName } from "./compile-sql.ts";
import type { PostgresDatabase } from "./postgres-database.ts";
import type { Queries } from "./queries.ts";

/** What leads from each version of the schema to the next; the first makes a new journal. */
export const migrations: readonly string[] = [
  `
  create table journal.run (
    key bigint generated always as identity primary key,
    id text not null unique,
    scope text not null,
    state text not null,
    options text not null,
    settings text not null,
    inputs bigint not null default 0,
    images bigint not null default 0,
    files bigint not null default 0,
    chunks integer not null default 0,
    chunk_inputs bigint not null default 0,
    rounds integer not null default 0,
    digest text,
    error text,
    created_ms bigint not null,
    changed_ms bigint not null
  );
  create table journal.chunk (
    run bigint not null references journal.run (key) on delete cascade,
    number integer not null,
    kind text not null,
    size integer not null,
    first bigint not null,
    last bigint not null,
    round integer not null,
    digest text not null,
    state text not null,
    due_ms bigint,
    fence bigint not null default 0,
    worker text,
    lease_until_ms bigint,
    attempt integer not null default 0,
    intent_ms bigint,
    decision text,
    polls integer not null default 0,
    succeeded integer not null default 0,
    partial integer not null default 0,
    failed integer not null default 0,
    missing integer not null default 0,
    not_submitted integer not null default 0,
    retried integer not null default 0,
    memo text not null default '{}',
    error text,
    primary key (run, number)
  );
  create index chunk_due on journal.chunk (run, state, due_ms, number);
  create index chunk_worker on journal.chunk (worker) where worker is not null;
  create index chunk_under_way on journal.chunk (run)
    where (state in ('submitting', 'unknown', 'running', 'collecting')
      or (state = 'planned' and attempt > 0));
  create table journal.block (
    run bigint not null,
    number integer not null,
    inputs bytea not null,
    primary key (run, number),
    foreign key (run, number) references journal.chunk (run, number) on delete cascade
  );
  create table journal.outcome (
    run bigint not null,
    number integer not null,
    statuses bytea,
    manifest text,
    primary key (run, number),
    foreign key (run, number) references journal.chunk (run, number) on delete cascade
  );
  create table journal.attempt (
    run bigint not null,
    number integer not null,
    attempt integer not null,
    prefix text not null,
    fingerprint text not null,
    intent_ms bigint not null,
    size integer not null,
    worker text not null,
    fence bigint not null,
    outcome text,
    settled_ms bigint,
    operation text,
    error text,
    primary key (run, number, attempt),
    foreign key (run, number) references journal.chunk (run, number) on delete cascade
  );
  create table journal.ended (
    run bigint not null,
    state text not null,
    chunks bigint not null,
    inputs bigint not null,
    tried bigint not null,
    polls bigint not null,
    pages bigint not null,
    succeeded bigint not null,
    partial bigint not null,
    failed bigint not null,
    missing bigint not null,
    not_submitted bigint not null,
    retried bigint not null,
    primary key (run, state)
  );
  create table journal.ended_attempt (
    run bigint not null,
    outcome text not null,
    attempts bigint not null,
    inputs bigint not null,
    files bigint not null,
    primary key (run, outcome)
  );
  create table journal.event (
    id bigint generated always as identity primary key,
    run bigint not null,
    chunk integer,
    at_ms bigint not null,
    worker text,
    fence bigint,
    attempt integer,
    type text not null,
    data text
  );
  create index event_run on journal.event (run, id);
  create index event_chunk on journal.event (run, chunk, id);
  create table journal.flow (
    scope text primary key,
    rate double precision not null,
    not_before_ms double precision not null,
    next_ms double precision not null
  );
  create table journal.writer (
    id text primary key,
    last bigint not null,
    at timestamptz not null default now()
  );
  `,
  `
  alter table journal.chunk add column undelivered_ms bigint;
  create index chunk_undelivered on journal.chunk (undelivered_ms, run, number)
    where undelivered_ms is not null;
  `,
];

/** The version that this release writes. */
export const schemaVersion = migrations.length;

/** What the tests run on is much newer; this is the oldest that still gets corrections. */
const oldestServer = 140_000;

/**
 * Brings a journal to the schema of this release, or makes a new one: whoever comes first does it.
 * @throws JournalError `newer`, `corrupt`, `notFound` where it is not to be made, `unsupported`.
 */
export async function prepareSchema(
  database: PostgresDatabase,
  { create, steps = migrations }: { readonly create: boolean; readonly steps?: readonly string[] },
): Promise<void> {
  const found = await database.read(async (queries) => {
    database.isLax = await checkServer(queries, database.journal);
    return readVersion(queries, database, steps);
  });
  if (found === steps.length) return forgetWriters(database);
  if (found === 0 && !create) {
    const text = `there is no schema ${database.schema} with a journal`;
    throw new JournalError(text, { reason: "notFound", journal: database.journal });
  }
  await database.write((queries) => migrate(queries, database, steps), {
    ...{ isLong: true, isRepeatable: true },
  });
}

/** Connections that have long ended; one that has not makes its row again. */
async function forgetWriters(database: PostgresDatabase): Promise<void> {
  await database.write(
    async (queries) => {
      await queries.run("delete from journal.writer where at < now() - interval '1 day'");
    },
    { isRepeatable: true },
  );
}

/** Whether the server does not wait for its disk unless told to. */
async function checkServer(queries: Queries, journal: string): Promise<boolean> {
  const row = (await queries.get(
    `select current_setting('server_version_num')::integer as number,
       current_setting('server_version') as version,
       current_setting('synchronous_commit') = 'off' as "isLax"`,
  )) as { readonly number: number; readonly version: string; readonly isLax: boolean };
  if (row.number >= oldestServer) return row.isLax;
  const text = `PostgreSQL ${row.version} is too old: use 14 or later`;
  throw new JournalError(text, { reason: "unsupported", journal });
}

/** The schema that a journal has; 0 where there is none yet. */
async function readVersion(
  queries: Queries,
  { journal, schema }: Pick<PostgresDatabase, "journal" | "schema">,
  { length: known }: readonly string[],
): Promise<number> {
  const tables = (await queries.all(
    `select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where nspname = :schema and relkind in ('r', 'v', 'm', 'p')`,
    { schema },
  )) as readonly { readonly name: string }[];
  if (tables.length === 0) return 0;
  if (!tables.some(({ name }) => name === "journal_version")) {
    const text = `the schema ${schema} is another program's; name another one by ?schema=`;
    throw new JournalError(text, { reason: "corrupt", journal });
  }
  const row = (await queries.get(
    "select coalesce(max(version), 0) as version from journal.journal_version",
  )) as { readonly version: number };
  if (row.version <= known) return row.version;
  throw new JournalError(
    `it was written by a later release (schema ${row.version}, this release knows ${known}): update vision-batch`,
    { reason: "newer", journal },
  );
}

async function migrate(
  queries: Queries,
  database: PostgresDatabase,
  steps: readonly string[],
): Promise<void> {
  const { schema } = database;
  await queries.run("select pg_advisory_xact_lock(hashtextextended(:name, 0))", {
    name: `vision-batch journal ${schema}`,
  });
  const found = await readVersion(queries, database, steps);
  const isThere = await queries.get("select 1 from pg_namespace where nspname = :schema", {
    schema,
  });
  // Who may write into a schema need not have the right to make one.
  if (isThere === undefined) await queries.script(`create schema ${quoteName(schema)}`);
  if (found === 0) {
    await queries.script(
      `create table journal.journal_version (
         version integer primary key, migrated_at timestamptz not null default now())`,
    );
  }
  for (const [index, sql] of steps.entries()) {
    if (index < found) continue;
    await queries.script(sql);
    await queries.run("insert into journal.journal_version (version) values (:version)", {
      version: index + 1,
    });
  }
}
