import { JournalError } from "../../../errors/index.ts";

/** Where a journal is. */
export interface PostgresPlace {
  /** For the driver; with the password. */
  readonly connectionString: string;
  readonly schema: string;
  /** As it is shown: without the password and without parameters. */
  readonly journal: string;
}

const defaultSchema = "vision_batch";
/** PostgreSQL cuts longer names off. Source: NAMEDATALEN */
const maxSchemaBytes = 63;

/** Whether a journal's URL is one of PostgreSQL. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/**
 * Reads the URL of a journal: as the driver takes it, with `schema` as a parameter of ours.
 * @throws JournalError `unsupported`, without the URL, which may hold a password.
 */
export function readPostgresUrl(url: string, schema?: string): PostgresPlace {
  // A URL without a host is one of PostgreSQL, though none of the standard's.
  const parsed = URL.parse(url) ?? URL.parse(url.replace("@/", "@localhost/"));
  if (parsed === null) {
    throw new JournalError("its URL cannot be read; write postgres://user@host:5432/database", {
      ...{ reason: "unsupported", journal: "postgres:" },
    });
  }
  const { protocol, username, host, pathname, searchParams } = parsed;
  const user = username === "" ? "" : `${username}@`;
  const journal = `${protocol}//${user}${host}${pathname}`;
  const name = schema ?? searchParams.get("schema") ?? defaultSchema;
  if (name === "" || Buffer.byteLength(name) > maxSchemaBytes || name.startsWith("pg_")) {
    const text = `${JSON.stringify(name)} cannot be the name of a schema`;
    throw new JournalError(text, { reason: "unsupported", journal });
  }
  const shown = name === defaultSchema ? journal : `${journal}?schema=${encodeURIComponent(name)}`;
  return { connectionString: withoutSchema(url), schema: name, journal: shown };
}

/** By hand, so that nothing else of the URL is written in another way. */
function withoutSchema(url: string): string {
  const [place = "", parameters] = url.split("?");
  if (parameters === undefined) return url;
  const others = parameters.split("&").filter((parameter) => !parameter.startsWith("schema="));
  return others.length === 0 ? place : `${place}?${others.join("&")}`;
}
