import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What lies under the prefix of an attempt in the emulator's own folder, by places from 0. */
export interface WrittenOutput {
  readonly responses: ReadonlyMap<number, unknown>;
  /** Places in shards that are not whole. */
  readonly cut: ReadonlySet<number>;
}

const shardName = /^output-(\d+)-to-(\d+)\.json$/;

/** Reads what the emulator wrote under a prefix, without our reader. */
export function readWritten(directory: string, prefix: string): WrittenOutput {
  const folder = join(directory, prefix.slice("gs://".length));
  const responses = new Map<number, unknown>();
  const cut = new Set<number>();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, from, to] = shardName.exec(name) ?? [];
    if (from === undefined || to === undefined) continue;
    const content = parse(readFileSync(join(folder, name), "utf8"));
    for (let place = Number(from) - 1; place < Number(to); place++) {
      if (content === undefined) cut.add(place);
      else responses.set(place, content.responses[place - Number(from) + 1]);
    }
  }
  return { responses, cut };
}

function parse(text: string): { readonly responses: readonly unknown[] } | undefined {
  try {
    return JSON.parse(text) as { readonly responses: readonly unknown[] };
  } catch {
    return undefined;
  }
}
