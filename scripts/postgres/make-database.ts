import { randomBytes } from "node:crypto";
import { runSql } from "./run-sql.ts";

/** An empty database of a server. */
export interface EmptyDatabase {
  readonly url: string;
  /** Removes it, whoever is connected to it. */
  readonly drop: () => Promise<void>;
}

/** Makes an empty database. */
export async function makeDatabase(server: string): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await runSql(server, `create database ${name} template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await runSql(server, `drop database ${name} with (force)`);
    },
  };
}
