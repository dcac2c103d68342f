import {
  functionName,
  optionsWithValues,
  placePatterns,
  type CompletedCommand,
  type CompletionTree,
  type Values,
} from "./completion-tree.ts";

/** A script for bash 3.2 and later; it needs nothing beside bash. */
export function bashCompletion(tree: CompletionTree): string {
  const self = functionName(tree.name);
  const named = optionsWithValues(tree);
  const paths = tree.commands.map(({ path }) => path).filter((path) => path !== "");
  return `# Completions of ${tree.name} for bash.
${self}_fill() { # KIND CURRENT WORDS PROGRAM
  local IFS=$' \\t\\n' found done="" journal="\${VISION_BATCH_JOURNAL:-sqlite:vision-batch-runs.db}"
  case "$1" in
    words) COMPREPLY=($(compgen -W "$3" -- "$2")) ;;
    list)
      if [[ $2 == *,* ]]; then done="\${2%,*},"; fi
      COMPREPLY=($(compgen -P "$done" -W "$3" -- "\${2##*,}"))
      compopt -o nospace 2>/dev/null ;;
    files | folders)
      compopt -o filenames 2>/dev/null
      while IFS= read -r found; do COMPREPLY+=("$found"); done \\
        < <(if [[ $1 == files ]]; then compgen -f -- "$2"; else compgen -d -- "$2"; fi) ;;
    runs) # Of a journal that is a file: asking a database at every Tab would take too long.
      if [[ $COMP_LINE =~ --journal[\\ =]([^\\ ]+) ]]; then journal="\${BASH_REMATCH[1]}"; fi
      if [[ $journal == sqlite:* && -f "\${journal#sqlite:}" ]]; then
        COMPREPLY=($(compgen -W "$("$4" runs list --json --journal "$journal" 2>/dev/null \\
          | sed -n 's/^{"id":"\\([A-Za-z0-9_.-]*\\)".*/\\1/p')" -- "$2"))
      fi ;;
  esac
}
${self}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}"
  local at="" option="" joined="" place=0 index word
  COMPREPLY=()
  # Bash ends words at : and =, so that a URI and --option=value come in pieces.
  if [[ $current == : || $before == : ]]; then return; fi
  if [[ $current == = ]]; then current=""; fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [[ -n $joined ]]; then joined=""; continue; fi
    case "$word" in
      :) joined=1; continue ;;
      =) continue ;;
    esac
    if [[ -n $option ]]; then option=""; continue; fi
    case "$word" in
      ${named.flatMap(({ names }) => names).join(" | ")})
        option="$word"; continue ;;
      -*) continue ;;
    esac
    case "\${at:+$at }$word" in
      ${paths.map(quoted).join(" | ")})
        at="\${at:+$at }$word"; place=0 ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    case "$option" in
${named.map(({ names, values }) => branch(self, names.join(" | "), values)).join("\n")}
    esac
  elif [[ $current == -* ]]; then
    case "$at" in
${tree.commands.map((command) => branch(self, quoted(command.path), optionNames(command))).join("\n")}
    esac
  else
    case "$at $place" in
${tree.commands.flatMap((command) => placesOf(self, command)).join("\n")}
    esac
  fi
}
complete -F ${self} ${tree.name}
`;
}

function optionNames({ options }: CompletedCommand): Values {
  return { kind: "words", words: options.flatMap(({ names }) => names) };
}

function placesOf(self: string, command: CompletedCommand): string[] {
  const words = command.commands.map(({ word }) => word);
  const below: Values = { kind: "words", words };
  return [
    ...(words.length === 0 ? [] : [branch(self, quoted(`${command.path} 0`), below)]),
    ...placePatterns(command).map(({ pattern, values }) => branch(self, pattern, values)),
  ];
}

function branch(self: string, pattern: string, values: Values): string {
  if (values.kind === "anything") return `      ${pattern}) ;;`;
  const words = "words" in values ? values.words.join(" ") : "";
  return `      ${pattern}) ${self}_fill ${values.kind} "$current" ${quoted(words)} "$1" ;;`;
}

/** Words of commands, options and choices have nothing in them that ends a quotation. */
function quoted(word: string): string {
  return `'${word}'`;
}
