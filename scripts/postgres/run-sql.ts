import pg from "pg";

/** Runs statements over a connection of their own; gives the rows of the last. */
export async function runSql(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // The connection may end while nothing is asked over it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const result = (await client.query(sql, values)) as pg.QueryResult | pg.QueryResult[];
    const last = Array.isArray(result) ? result.at(-1) : result;
    return (last?.rows ?? []) as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
