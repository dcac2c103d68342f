import { CursorError } from "../errors/index.ts";
import type { TallyData } from "./manifest.ts";
import type { Ranges } from "./number-ranges.ts";
import type { PlacedSource } from "./result-source.ts";
import type { SourceData } from "./source-reading.ts";

/** What was read after the last point at which nothing was held back: a shard, or the end of a source. */
export type LogEntry =
  | readonly [source: number]
  | readonly [source: number, name: string, generation: string, size: number];

/** How far a source has come that has not ended, with the names of its shards. */
export type OpenSource = readonly [source: number, shards: readonly string[], data: SourceData];

/** A point at which nothing was held back. */
export interface Checkpoint {
  /** The next running number of an input. */
  readonly next: number;
  readonly tally: TallyData;
  readonly finished: Ranges;
  readonly open: readonly OpenSource[];
}

/** How far a reading has come: a checkpoint, what was read after it, and how many records that gave. */
export interface CursorData extends Checkpoint {
  readonly since: readonly LogEntry[];
  readonly skip: number;
}

const cursorVersion = 1;

/** Writes a cursor. */
export function formatCursor(data: CursorData, fingerprint: string): string {
  return JSON.stringify({ v: cursorVersion, of: fingerprint, ...data });
}

/** Reads a cursor. @throws {@link CursorError} */
export function parseCursor(text: string, fingerprint: string): CursorData {
  let data: Partial<CursorData> & { readonly v?: unknown; readonly of?: unknown };
  try {
    data = JSON.parse(text) as typeof data;
  } catch (error) {
    throw new CursorError("the cursor is damaged: it is no JSON", { cause: error });
  }
  if (data.v !== cursorVersion) throw new CursorError("the cursor is of another version");
  if (data.of !== fingerprint) {
    throw new CursorError("the cursor is of a reading of other sources, inputs or order");
  }
  const { next, tally, finished, open, since, skip } = data;
  const isWhole =
    typeof next === "number" &&
    typeof skip === "number" &&
    typeof tally === "object" &&
    [finished, open, since].every((list) => Array.isArray(list));
  if (!isWhole) throw new CursorError("the cursor is damaged: something is missing in it");
  return data as CursorData;
}

/** What tells whether two readings are of the same results in the same order. */
export function fingerprintOf(
  sources: readonly PlacedSource[],
  options: { readonly version: string; readonly order: string },
): string {
  // Most readings have no cursor, and it is slow to load.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256").update(`${options.version} ${options.order}`);
  for (const { prefix = "", inputs } of sources) {
    hash.update(`\n${JSON.stringify([prefix, inputs?.length ?? -1])}`);
    for (let position = 0; position < (inputs?.length ?? 0); position++) {
      const { uri, index } = inputs?.at(position) ?? {};
      hash.update(JSON.stringify([uri, index]));
    }
  }
  return hash.digest("base64url");
}
