import {
  functionName,
  optionsWithValues,
  type CompletedCommand,
  type CompletedOption,
  type CompletionTree,
  type Values,
} from "./completion-tree.ts";

/** A script for fish 3 and later. */
export function fishCompletion(tree: CompletionTree): string {
  const self = functionName(tree.name);
  const paths = tree.commands.map(({ path }) => path).filter((path) => path !== "");
  return `# Completions of ${tree.name} for fish.
function ${self}_at # the command before the cursor
    set -l at ""
    set -l skipped ""
    for word in (commandline -opc)[2..-1]
        if test -n "$skipped"
            set skipped ""
            continue
        end
        switch $word
            case ${optionsWithValues(tree)
              .flatMap(({ names }) => names)
              .join(" ")}
                set skipped 1
                continue
            case '-*'
                continue
        end
        set -l longer (string trim -- "$at $word")
        if contains -- "$longer" ${paths.map(quoted).join(" ")}
            set at "$longer"
        end
    end
    test "$at" = "$argv[1]"
end
function ${self}_runs # of a journal that is a file: asking a database at every Tab would take too long
    set -l journal sqlite:vision-batch-runs.db
    set -q VISION_BATCH_JOURNAL; and set journal $VISION_BATCH_JOURNAL
    set -l given (string match -r -- '--journal[ =](\\S+)' (commandline -p))
    set -q given[2]; and set journal $given[2]
    set -l file (string replace -r '^sqlite:' '' -- $journal)
    if test "$file" != "$journal" -a -f "$file"
        set -l program (commandline -opc)[1]
        $program runs list --json --journal $journal 2>/dev/null | string replace -rf '^{"id":"([\\w.-]+)".*' '$1'
    end
end
complete -c ${tree.name} -f
${tree.commands.flatMap((command) => linesOf(tree.name, command)).join("\n")}
`;
}

function linesOf(name: string, command: CompletedCommand): string[] {
  const self = functionName(name);
  const start = `complete -c ${name} -n ${quoted(`${self}_at ${quoted(command.path)}`)}`;
  return [
    ...command.commands.map(
      ({ word, description }) => `${start} -a ${word} -d ${quoted(description)}`,
    ),
    ...command.options.map((option) => `${start} ${optionOf(self, option)}`),
    ...command.places.flatMap((values) => {
      const taken = valuesOf(self, values);
      return taken === undefined ? [] : [`${start} ${taken}`];
    }),
  ];
}

function optionOf(self: string, { names, description, values }: CompletedOption): string {
  const flags = names.map((each) =>
    each.startsWith("--") ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`,
  );
  const taken = values === undefined ? [] : ["-r", valuesOf(self, values) ?? "-f"];
  return [...flags, ...taken, `-d ${quoted(description)}`].join(" ");
}

/** Undefined for what only the user knows. */
function valuesOf(self: string, values: Values): string | undefined {
  switch (values.kind) {
    case "words":
      return `-f -a ${quoted(values.words.join(" "))}`;
    case "list":
      return `-f -a ${quoted(`(__fish_append , ${values.words.join(" ")})`)}`;
    case "files":
      return "-F";
    case "folders":
      return "-f -a '(__fish_complete_directories)'";
    case "runs":
      return `-f -a '(${self}_runs)'`;
    case "anything":
      return undefined;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
