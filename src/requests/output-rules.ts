import { batchSizeRange } from "../protocol/limits.ts";
import type { ProblemLog } from "./problem-log.ts";
import { message, numeric, required, text, type Rule } from "./rules.ts";
import { checkOutputPrefix } from "./uri-rules.ts";

const { min, max } = batchSizeRange;
const positive = numeric({ min, max, integer: true });

/** Where the shards go, kept verbatim, and how many responses one holds. */
export const outputConfig: Rule = message({
  gcsDestination: required(
    message({ uri: required(text(checkOutputPrefix), "the output prefix, gs://bucket/...") }),
    "{ uri: gs://bucket/prefix/ }",
  ),
  batchSize: (value, log) => (value === undefined || value === 0 ? 0 : positive(value, log)),
});

/** Refuses two files with one output prefix: shards are numbered per file and would overwrite each other. */
export function checkOwnPrefixes(files: readonly unknown[], log: ProblemLog): void {
  const firstWith = new Map<unknown, number>();
  for (const [index, file] of files.entries()) {
    const uri = prefixOf(file);
    if (uri === undefined || uri === "") continue;
    const first = firstWith.get(uri);
    if (first === undefined) firstWith.set(uri, index);
    else log.addAt(index, uri, `has the output prefix of file ${first}: give each file its own`);
  }
}

function prefixOf(file: unknown): unknown {
  type Known = { outputConfig?: { gcsDestination?: { uri?: unknown } } } | null | undefined;
  return (file as Known)?.outputConfig?.gcsDestination?.uri;
}
