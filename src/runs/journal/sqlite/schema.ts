import { JournalError } from "../../../errors/index.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Tells a journal from the database of another program: "VBrj" in ASCII. */
const applicationId = 0x5642726a;

/**
 * What leads from each version of the schema to the next; the first makes a new journal. One that was
 * released is never changed: journals of it are on disks.
 */
export const migrations: readonly string[] = [
  `
  create table run (
    key integer primary key autoincrement,
    id text not null unique,
    scope text not null,
    state text not null,
    options text not null,
    settings text not null,
    inputs integer not null default 0,
    images integer not null default 0,
    files integer not null default 0,
    chunks integer not null default 0,
    chunk_inputs integer not null default 0,
    rounds integer not null default 0,
    digest text,
    error text,
    created_ms integer not null,
    changed_ms integer not null
  ) strict;
  create table chunk (
    run integer not null references run (key) on delete cascade,
    number integer not null,
    kind text not null,
    size integer not null,
    first integer not null,
    last integer not null,
    round integer not null,
    digest text not null,
    state text not null,
    due_ms integer,
    fence integer not null default 0,
    worker text,
    lease_until_ms integer,
    attempt integer not null default 0,
    intent_ms integer,
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
  ) strict, without rowid;
  create index chunk_due on chunk (run, state, due_ms);
  create index chunk_worker on chunk (worker) where worker is not null;
  create index chunk_under_way on chunk (run)
    where (state in ('submitting', 'unknown', 'running', 'collecting')
      or (state = 'planned' and attempt > 0));
  create table block (
    run integer not null,
    number integer not null,
    inputs blob not null,
    primary key (run, number),
    foreign key (run, number) references chunk (run, number) on delete cascade
  ) strict;
  create table outcome (
    run integer not null,
    number integer not null,
    statuses blob,
    manifest text,
    primary key (run, number),
    foreign key (run, number) references chunk (run, number) on delete cascade
  ) strict;
  create table attempt (
    run integer not null,
    number integer not null,
    attempt integer not null,
    prefix text not null,
    fingerprint text not null,
    intent_ms integer not null,
    size integer not null,
    worker text not null,
    fence integer not null,
    outcome text,
    settled_ms integer,
    operation text,
    error text,
    primary key (run, number, attempt),
    foreign key (run, number) references chunk (run, number) on delete cascade
  ) strict, without rowid;
  create table ended (
    run integer not null references run (key) on delete cascade,
    state text not null,
    chunks integer not null,
    inputs integer not null,
    tried integer not null,
    polls integer not null,
    pages integer not null,
    succeeded integer not null,
    partial integer not null,
    failed integer not null,
    missing integer not null,
    not_submitted integer not null,
    retried integer not null,
    primary key (run, state)
  ) strict, without rowid;
  create table ended_attempt (
    run integer not null references run (key) on delete cascade,
    outcome text not null,
    attempts integer not null,
    inputs integer not null,
    files integer not null,
    primary key (run, outcome)
  ) strict, without rowid;
  create table event (
    id integer primary key autoincrement,
    run integer not null references run (key) on delete cascade,
    chunk integer,
    at_ms integer not null,
    worker text,
    fence integer,
    attempt integer,
    type text not null,
    data text
  ) strict;
  create index event_run on event (run);
  create index event_chunk on event (run, chunk);
  create table flow (
    scope text primary key,
    rate real not null,
    not_before_ms real not null,
    next_ms real not null
  ) strict, without rowid;
  `,
];

/** The version that this release writes. */
export const schemaVersion = migrations.length;

/**
 * The schema that a database has; 0 where it is empty.
 * @throws {@link JournalError} `newer` for one of a later release, `corrupt` for another program's database.
 */
export function readSchemaVersion(database: SqliteDatabase, known = schemaVersion): number {
  const { journal } = database;
  const version =
    (database.get("pragma user_version") as { user_version: number } | undefined)?.user_version ??
    0;
  const id = (database.get("pragma application_id") as { application_id: number } | undefined)
    ?.application_id;
  const isEmpty = database.get("select 1 from sqlite_schema") === undefined;
  if (!isEmpty && id !== applicationId) {
    throw new JournalError("it is the database of another program; name another file", {
      reason: "corrupt",
      journal,
    });
  }
  if (version > known) {
    throw new JournalError(
      `it was written by a later release (schema ${version}, this release knows ${known}): update vision-batch`,
      { reason: "newer", journal },
    );
  }
  return version;
}

/** Brings a journal to the schema of the last migration, or makes a new one; whole, or not at all. */
export async function migrate(database: SqliteDatabase, steps = migrations): Promise<void> {
  const last = steps.length;
  await database.write(() => {
    // Another process may have done it while this one waited for the file.
    for (const sql of steps.slice(readSchemaVersion(database, last))) database.script(sql);
    database.script(`pragma application_id = ${applicationId}`);
    database.script(`pragma user_version = ${last}`);
  });
}
