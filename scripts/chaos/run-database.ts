import { setTimeout as sleep } from "node:timers/promises";
import { makeDatabase, type EmptyDatabase } from "../postgres/make-database.ts";
import { PostgresProcess, serverVariable } from "../postgres/postgres-process.ts";
import type { Reached } from "./crew.ts";
import { DatabaseWay } from "./database-way.ts";
import { isServerEnd, type DatabaseBlow, type WorkersPlan } from "./workers-plan.ts";

/** What was done to a database, by kind. */
export type DatabaseBlows = Partial<Record<DatabaseBlow["kind"], number>>;

/** The database of a run, on a server of its own unless one is named, and what is done to it. */
export class RunDatabase implements AsyncDisposable {
  /** By a way on which nothing goes wrong but what the server does itself. */
  readonly url: string;
  /** What was done. */
  readonly done: DatabaseBlows = {};
  readonly #database: EmptyDatabase;
  readonly #server: PostgresProcess | undefined;
  readonly #ways: readonly DatabaseWay[];
  readonly #blows: Set<DatabaseBlow>;
  readonly #settling = new AbortController();
  readonly #under = new Set<Promise<void>>();
  #restarted = Promise.resolve();

  private constructor(
    database: EmptyDatabase,
    fields: {
      readonly server: PostgresProcess | undefined;
      readonly ways: readonly DatabaseWay[];
      readonly blows: readonly DatabaseBlow[];
    },
  ) {
    this.url = database.url;
    this.#database = database;
    this.#server = fields.server;
    this.#ways = fields.ways;
    this.#blows = new Set(fields.blows);
  }

  static async start({ count, databaseBlows: blows }: WorkersPlan): Promise<RunDatabase> {
    const given = process.env[serverVariable];
    const server = given === undefined ? await PostgresProcess.start() : undefined;
    const url = given ?? server?.url ?? "";
    const { hostname: host, port } = new URL(url);
    const target = { host, port: Number(port || 5432) };
    const ways = Array.from({ length: count + 1 }, () => DatabaseWay.open(target));
    return new RunDatabase(await makeDatabase(url), {
      ...{ server, ways: await Promise.all(ways) },
      // A server that is not ours is not ended.
      blows: blows.filter(({ kind }) => server !== undefined || !isServerEnd(kind)),
    });
  }

  /** The URL of somebody's way: a worker's by number, or that of the service, which comes after all. */
  urlBy(way: number): string {
    const url = new URL(this.url);
    url.hostname = "127.0.0.1";
    url.port = String(this.#ways[way % this.#ways.length]?.port);
    return url.href;
  }

  /** Whether anything was done to it. */
  get wasStruck(): boolean {
    return Object.keys(this.done).length > 0;
  }

  /** Does what is due. */
  strike(reached: Reached): void {
    for (const blow of this.#blows) {
      const { of, reach } = blow.once;
      if (reached[of] < reach) continue;
      this.#blows.delete(blow);
      this.done[blow.kind] = (this.done[blow.kind] ?? 0) + 1;
      const under = this.#carryOut(blow).finally(() => this.#under.delete(under));
      this.#under.add(under);
    }
  }

  /** Lets everything be as it was; resolves when the server answers. */
  async settle(): Promise<void> {
    this.#settling.abort();
    await Promise.all(this.#under);
  }

  /** Ends the server, or removes the database of one that stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle();
    for (const way of this.#ways) way.close();
    if (this.#server === undefined) await this.#database.drop();
    else await this.#server[Symbol.asyncDispose]();
  }

  async #carryOut({ kind, forMs, way: whose }: DatabaseBlow): Promise<void> {
    const ways = this.#ways.filter((_, index) => whose === undefined || index === whose);
    if (isServerEnd(kind)) {
      // One after the other: a server that is down cannot be ended.
      this.#restarted = this.#restarted.then(() => this.#server?.restart(kind, forMs));
      await this.#restarted;
      return;
    }
    for (const way of ways) way[kind]();
    if (forMs === 0) return;
    await this.#pause(forMs);
    for (const way of ways) way.restore();
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#settling;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
