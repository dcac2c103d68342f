import type { RunsFlags } from "./runs-flags.ts";
import { shownJournal } from "./shown-journal.ts";

/** The options of connections and journals that a proposed command repeats. */
const repeated = [
  ["journal", "--journal"],
  ["transport", "--transport"],
  ["project", "--project"],
  ["keyFile", "--key-file"],
  ["quotaProject", "--quota-project"],
  ["endpoint", "--endpoint"],
  ["location", "--location"],
] as const satisfies readonly (readonly [keyof RunsFlags, string])[];

/** The journal that runs have unless another is named: in the working folder. */
export const defaultJournal = "sqlite:vision-batch-runs.db";

const defaults: Readonly<Partial<Record<keyof RunsFlags, string>>> = {
  journal: defaultJournal,
  transport: "grpc",
};

/** A command for a run that a person can copy: `vision-batch runs NAME ID ...`, with what this one was told of the service. */
export function runsCommand(
  words: readonly string[],
  flags: Omit<RunsFlags, "apiVersion">,
  more: readonly string[] = [],
): string {
  const options = repeated.flatMap(([name, option]) => {
    const value = name === "journal" ? shownJournal(flags.journal) : flags[name];
    return value === undefined || value === defaults[name] ? [] : [option, value];
  });
  return ["vision-batch", "runs", ...words, ...options, ...more].map(quote).join(" ");
}

/** A word as a shell takes it literally. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
