import type { BigQueryType, Column } from "./bigquery-columns.ts";

/** A value that no column holds, with its place in the record, e.g. `response.label_annotations[0].new`. */
export interface Unheld {
  readonly path: string;
  readonly value: unknown;
}

type Members = Readonly<Record<string, unknown>>;

/** Turns a message in record form into a row, and adds to `unheld` what has no column or does not fit it. */
export function toRow(
  message: Members,
  columns: ReadonlyMap<string, Column>,
  { path, unheld }: { readonly path: string; readonly unheld: Unheld[] },
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const key of Object.keys(message)) {
    const value = message[key];
    if (value === undefined) continue;
    const column = columns.get(key);
    if (column === undefined) unheld.push({ path: memberPath(path, key), value });
    else row[column.name] = toCells(value, column, { path: `${path}.${column.name}`, unheld });
  }
  return row;
}

interface Target {
  readonly path: string;
  readonly unheld: Unheld[];
}

/** Undefined, which JSON leaves out, where nothing fits. */
function toCells(value: unknown, column: Column, target: Target): unknown {
  if (!column.repeated) return toCell(value, column, target);
  if (!Array.isArray(value)) return leaveOut(value, target);
  const cells: unknown[] = [];
  (value as unknown[]).forEach((item, place) => {
    const cell = toCell(item, column, { ...target, path: `${target.path}[${place}]` });
    if (cell !== undefined) cells.push(cell);
  });
  return cells;
}

function toCell(value: unknown, column: Column, target: Target): unknown {
  const { type } = column;
  if (type === "JSON") return value;
  if (type === "RECORD") {
    const isMessage = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMessage ? toRow(value as Members, column.columns, target) : leaveOut(value, target);
  }
  if (type === "TIMESTAMP") return toTimestamp(value, target);
  return toScalar(value, type) ?? leaveOut(value, target);
}

function toScalar(value: unknown, type: BigQueryType): string | number | boolean | undefined {
  switch (typeof value) {
    case "string":
      return type === "BOOLEAN" ? undefined : value;
    case "number":
      // The number of an enum value that has no name here.
      return type === "STRING" ? String(value) : type === "BOOLEAN" ? undefined : value;
    case "boolean":
      return type === "BOOLEAN" ? value : undefined;
    default:
      return undefined;
  }
}

/** BigQuery has microseconds; a time that tells more is cut, and stands as a whole among what has no column. */
function toTimestamp(value: unknown, target: Target): unknown {
  if (typeof value !== "string") return leaveOut(value, target);
  const cut = value.replace(/(\.\d{6})\d+/, "$1");
  if (/\.\d{6}\d*[1-9]/.test(value)) leaveOut(value, target);
  return cut;
}

function leaveOut(value: unknown, { path, unheld }: Target): unknown {
  unheld.push({ path, value });
  return undefined;
}

function memberPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
