import type { BigQueryField } from "../../../src/results/export/bigquery.ts";

/** Every breach of a schema by a row, as BigQuery's load of JSON would see it; empty for a row that loads. */
export function breachesOf(row: unknown, schema: readonly BigQueryField[], path = "row"): string[] {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return [`${path}: no record`];
  const members = row as Record<string, unknown>;
  const names = new Set(schema.map(({ name }) => name));
  const unknown = Object.keys(members).filter((name) => !names.has(name));
  return [
    ...unknown.map((name) => `${path}.${name}: no column`),
    ...schema.flatMap((field) => fieldBreaches(members[field.name], field, path)),
  ];
}

function fieldBreaches(value: unknown, field: BigQueryField, outer: string): string[] {
  const path = `${outer}.${field.name}`;
  if (field.mode === "REPEATED") {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [`${path}: no array`];
    return (value as unknown[]).flatMap((item, place) =>
      item === null || item === undefined
        ? [`${path}[${place}]: null in an array`]
        : valueBreaches(item, field, `${path}[${place}]`),
    );
  }
  if (value === undefined || value === null) {
    return field.mode === "REQUIRED" ? [`${path}: required`] : [];
  }
  return valueBreaches(value, field, path);
}

function valueBreaches(value: unknown, { type, fields }: BigQueryField, path: string): string[] {
  if (type === "RECORD") return breachesOf(value, fields ?? [], path);
  return accepts[type](value) ? [] : [`${path}: ${JSON.stringify(value)} is no ${type}`];
}

const isText = (value: unknown, pattern: RegExp) =>
  typeof value === "string" && pattern.test(value);

const accepts: Record<Exclude<BigQueryField["type"], "RECORD">, (value: unknown) => boolean> = {
  STRING: (value) => typeof value === "string" && value.isWellFormed(),
  INTEGER: (value) => Number.isSafeInteger(value) || isText(value, /^-?\d{1,19}$/),
  NUMERIC: (value) => Number.isSafeInteger(value) || isText(value, /^-?\d{1,20}$/),
  FLOAT: (value) => Number.isFinite(value) || isText(value, /^(NaN|-?Infinity)$/),
  BOOLEAN: (value) => typeof value === "boolean",
  BYTES: (value) => isText(value, /^([A-Za-z\d+/]{4})*([A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/),
  TIMESTAMP: (value) => isText(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/),
  JSON: () => true,
};

/** Every breach of BigQuery's rules for schemas. */
export function schemaBreaches(fields: readonly BigQueryField[], depth = 0): string[] {
  const names = fields.map(({ name }) => name.toLowerCase());
  return [
    ...(depth > 15 ? [`${depth} levels of records`] : []),
    ...(fields.length === 0 ? ["a record without columns"] : []),
    ...(new Set(names).size < names.length ? [`twice the same name in ${names.join()}`] : []),
    ...fields.flatMap(({ name, type, fields: inner }) => [
      ...(/^(?!_TABLE_|_FILE_|_PARTITION)[A-Za-z_]\w{0,299}$/i.test(name) ? [] : [`name ${name}`]),
      ...((type === "RECORD") === (inner !== undefined) ? [] : [`${name} is ${type}`]),
      ...(inner === undefined ? [] : schemaBreaches(inner, depth + 1)),
    ]),
  ];
}
