import {
  functionName,
  optionsWithValues,
  placePatterns,
  type CompletedCommand,
  type CompletionTree,
  type DescribedWord,
  type Values,
} from "./completion-tree.ts";

/** A script for zsh, for a folder of `fpath` or to be sourced after `compinit`. */
export function zshCompletion(tree: CompletionTree): string {
  const self = functionName(tree.name);
  const named = optionsWithValues(tree);
  const paths = tree.commands.map(({ path }) => path).filter((path) => path !== "");
  return `#compdef ${tree.name}
# Completions of ${tree.name} for zsh.
${self}_fill() { # KIND WORDS
  local journal="\${VISION_BATCH_JOURNAL:-sqlite:vision-batch-runs.db}"
  case $1 in
    (words) compadd -- \${=2} ;;
    (list) compset -P '*,'; compadd -S '' -- \${=2} ;;
    (files) _files ;;
    (folders) _files -/ ;;
    (runs) # Of a journal that is a file: asking a database at every Tab would take too long.
      if (( \${words[(I)--journal]} )); then journal=\${words[\${words[(I)--journal]} + 1]}; fi
      if (( \${words[(I)--journal=*]} )); then journal=\${words[\${words[(I)--journal=*]}]#*=}; fi
      if [[ $journal == sqlite:* && -f \${journal#sqlite:} ]]; then
        compadd -- \${(f)"$(\${words[1]} runs list --json --journal $journal 2>/dev/null \\
          | sed -n 's/^{"id":"\\([A-Za-z0-9_.-]*\\)".*/\\1/p')"}
      fi ;;
  esac
}
${self}_value() { # OPTION
  case $1 in
${named.map(({ names, values }) => branch(self, names.join("|"), values)).join("\n")}
  esac
}
${self}() {
  local at="" option="" word index place=0
  local -a described
  for ((index = 2; index < CURRENT; index++)); do
    word=\${words[index]}
    if [[ -n $option ]]; then option=""; continue; fi
    case $word in
      (${named.flatMap(({ names }) => names).join("|")}) option=$word; continue ;;
      (-*) continue ;;
    esac
    case \${at:+$at }$word in
      (${paths.map(quoted).join("|")}) at=\${at:+$at }$word; place=0 ;;
      (*) (( place++ )) ;;
    esac
  done
  word=\${words[CURRENT]}
  if [[ -n $option ]]; then
    ${self}_value $option
  elif [[ $word == --*=* ]]; then
    compset -P '*='
    ${self}_value \${word%%=*}
  elif [[ $word == -* ]]; then
    case $at in
${tree.commands.map((command) => optionsBranch(command)).join("\n")}
    esac
    _describe -o option described
  else
    case "$at $place" in
${tree.commands.flatMap((command) => placesOf(self, command)).join("\n")}
    esac
  fi
}
if [[ \${funcstack[1]} == ${self} ]]; then ${self} "$@"; else compdef ${self} ${tree.name}; fi
`;
}

function optionsBranch({ path, options }: CompletedCommand): string {
  const described = options.flatMap(({ names, description }) =>
    names.map((word) => ({ word, description })),
  );
  return `      (${quoted(path)}) described=(${items(described)}) ;;`;
}

function placesOf(self: string, command: CompletedCommand): string[] {
  const { path, commands } = command;
  const below = `      (${quoted(`${path} 0`)}) described=(${items(commands)}); _describe command described ;;`;
  return [
    ...(commands.length === 0 ? [] : [below]),
    ...placePatterns(command).map(({ pattern, values }) => branch(self, pattern, values)),
  ];
}

function branch(self: string, pattern: string, values: Values): string {
  if (values.kind === "anything") return `      (${pattern}) ;;`;
  const words = "words" in values ? ` ${quoted(values.words.join(" "))}` : "";
  return `      (${pattern}) ${self}_fill ${values.kind}${words} ;;`;
}

function items(words: readonly DescribedWord[]): string {
  return words
    .map(({ word, description }) => quoted(`${word}:${description.replaceAll(":", "\\:")}`))
    .join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
