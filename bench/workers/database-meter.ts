import { readdirSync, readFileSync } from "node:fs";
import { PostgresProcess } from "../../scripts/postgres/postgres-process.ts";
import { runSql } from "../../scripts/postgres/run-sql.ts";

/** A database that tells what is done in it. */
export interface MeteredDatabase extends AsyncDisposable {
  /** The URL of a journal in it. */
  readonly url: string;
  /** Counts anew from here. */
  reset(): Promise<void>;
  /** What was done since. */
  read(): Promise<DatabaseUse>;
  sizes(): Promise<DatabaseSizes>;
  /** Connections of workers that are open now. */
  connections(): Promise<number>;
}

/** Bytes of tables and their indexes. */
export interface DatabaseSizes {
  readonly journal: number;
  /** Those of pg-boss. */
  readonly jobs: number;
}

/** What was done in a database. */
export interface DatabaseUse {
  /** Statements that clients have sent, but for those that begin and end transactions. */
  readonly statements: number;
  /** Those among them that insert, update or delete, whether they found anything or not. */
  readonly writes: number;
  /** How many of those changed something at the most: each that did has written to the log. */
  readonly changes: number;
  /** Rows inserted, updated and deleted. */
  readonly rows: number;
  readonly commits: number;
  /** Bytes of the write-ahead log, of all databases of the server. */
  readonly walBytes: number;
  /** Time of the processor of the whole server, in milliseconds; NaN where there is no /proc. */
  readonly cpuMs: number;
}

/** It waits for its disk and keeps whole pages in its log, as the server of a journal does; and it counts statements. */
const settings = [
  ...["fsync=on", "full_page_writes=on"],
  ...["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_utility=off"],
];

/** Starts a PostgreSQL whose first database is metered; it ends with its meter. */
export async function startMeteredDatabase(): Promise<MeteredDatabase> {
  const server = await PostgresProcess.start(settings);
  const { url } = server;
  await runSql(url, "create extension pg_stat_statements");
  let before: DatabaseUse | undefined;
  return {
    url,
    reset: async () => {
      await runSql(url, "select pg_stat_statements_reset()");
      before = await readUse(url);
    },
    read: async () => difference(await readUse(url), before),
    sizes: async () => (await one(url, sizesSql)) as unknown as DatabaseSizes,
    connections: async () => Number((await one(url, connectionsSql))["count"]),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The counts of statements start at nothing, all others go on. */
function difference(after: DatabaseUse, before: DatabaseUse | undefined): DatabaseUse {
  const { rows = 0, commits = 0, walBytes = 0, cpuMs = 0 } = before ?? {};
  return {
    ...after,
    ...{ rows: after.rows - rows, commits: after.commits - commits },
    ...{ walBytes: after.walBytes - walBytes, cpuMs: after.cpuMs - cpuMs },
  };
}

async function readUse(url: string): Promise<DatabaseUse> {
  const row = await one(url, useSql);
  const numbers = Object.entries(row).map(([name, value]) => [name, Number(value)] as const);
  const { postmaster, ...use } = Object.fromEntries(numbers) as Omit<DatabaseUse, "cpuMs"> & {
    readonly postmaster: number;
  };
  return { ...use, cpuMs: cpuOf(postmaster) };
}

async function one(url: string, sql: string): Promise<Record<string, unknown>> {
  return (await runSql(url, sql))[0] ?? {};
}

/** Statements of the meter itself are left out. */
const useSql = `
  with sent as (
    select calls, least(calls, wal_records) as changes, query ~* '\\m(insert\\s+into|delete\\s+from|update\\s+\\S+.*\\mset)\\M' as is_write
    from pg_stat_statements where query !~ 'pg_stat_|pg_postmaster'
  )
  select (select coalesce(sum(calls), 0) from sent) as statements,
    (select coalesce(sum(calls) filter (where is_write), 0) from sent) as writes,
    (select coalesce(sum(changes) filter (where is_write), 0) from sent) as changes,
    (select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables) as rows,
    xact_commit as commits,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as "walBytes",
    (string_to_array(pg_read_file('postmaster.pid'), E'\\n'))[1]::integer as postmaster
  from pg_stat_database where datname = current_database()`;

const sizesSql = `
  with tables as (
    select nspname = 'vision_batch' as is_journal, pg_total_relation_size(pg_class.oid) as bytes
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r' and nspname like 'vision\\_batch%'
  )
  select sum(bytes) filter (where is_journal)::float8 as journal,
    coalesce(sum(bytes) filter (where not is_journal), 0)::float8 as jobs from tables`;

const connectionsSql = `
  select count(*)::integer as count from pg_stat_activity
  where datname = current_database() and application_name like 'vision-batch%'`;

const ticksPerSecond = 100;

/** What a process and all of its children have used, those that have ended included. */
function cpuOf(parent: number): number {
  const stats = processStats();
  const own = stats.get(parent);
  if (own === undefined) return Number.NaN;
  const children = [...stats.values()].filter(({ parent: of }) => of === parent);
  const ticks = own.ticks + own.ended + children.reduce((sum, { ticks }) => sum + ticks, 0);
  return (1000 * ticks) / ticksPerSecond;
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

function processStats(): ReadonlyMap<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>();
  for (const name of readProcessIds()) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      // The name of the program is in parentheses and may have any characters.
      const fields = text
        .slice(text.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      const [, parent = 0] = fields;
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
      stats.set(Number(name), { parent, ticks: user + system, ended: endedUser + endedSystem });
    } catch {
      // It has ended meanwhile.
    }
  }
  return stats;
}

function readProcessIds(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
