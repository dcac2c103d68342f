/** Values of a statement by name; undefined is written as null. */
export type Values = Readonly<Record<string, unknown>>;

/** A statement with its values in the order in which it names them. */
export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** A name of ours, or the schema of the journal; casts (`::text`) are no names. */
const tokens = /(?<!:):([a-z]\w*)|\bjournal\./gi;

/** Puts `schema` in place of `journal.`, and numbers in place of names: `:run` becomes `$1`. */
export function compileSql(
  sql: string,
  { schema, values = {} }: { readonly schema: string; readonly values?: Values },
): Statement {
  const names: string[] = [];
  const text = sql.replace(tokens, (_, name: string | undefined) => {
    if (name === undefined) return `${quoteName(schema)}.`;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, values: names.map((name) => values[name] ?? null) };
}

/** A name as SQL takes it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
