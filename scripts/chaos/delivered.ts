import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runSql } from "../postgres/run-sql.ts";
import { output, runId } from "./inputs.ts";
import { readRowTable } from "./row-sink.ts";

/** A record as a sink has it. */
export interface DeliveredRecord {
  readonly index: number;
  readonly uri?: string;
  readonly customId?: string;
  readonly status?: string;
  readonly error?: { readonly code?: string };
  readonly response?: {
    readonly labelAnnotations?: readonly {
      readonly description?: string;
      readonly score?: number;
    }[];
  };
}

/** The records that the sink has, by the numbers of their chunks; undefined in place of what is no record. */
export type Delivered = ReadonlyMap<number, readonly (DeliveredRecord | undefined)[]>;

const objectName = /^(\d{6})\.ndjson$/;

/** Reads the objects of NDJSON in the emulator's own folder. */
export function readObjects(directory: string): Delivered {
  const folder = join(directory, output.slice("gs://".length), runId, "records");
  const delivered = new Map<number, readonly (DeliveredRecord | undefined)[]>();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const number = objectName.exec(name)?.[1];
    if (number === undefined) continue;
    const lines = readFileSync(join(folder, name), "utf8").split("\n");
    // A line that has no end is none.
    const isWhole = lines.pop() === "";
    delivered.set(Number(number), [...lines.map(parse), ...(isWhole ? [] : [undefined])]);
  }
  return delivered;
}

/** Reads the rows of the sink that writes them in a transaction. */
export async function readRows(url: string): Promise<Delivered> {
  const rows = (await runSql(url, readRowTable)) as { chunk: number; line: string }[];
  const byChunk = Map.groupBy(rows, ({ chunk }) => chunk);
  return new Map(
    [...byChunk].map(([chunk, those]) => [chunk, those.map(({ line }) => parse(line))]),
  );
}

function parse(line: string): DeliveredRecord | undefined {
  try {
    return JSON.parse(line) as DeliveredRecord;
  } catch {
    return undefined;
  }
}
