import type { Argument, Command, Option } from "commander";
import { featuresOfVersion } from "../../protocol/features.ts";
import { resultStatuses } from "../../results/result-record.ts";

/** What may stand in a place: words, words with commas between them, files, folders, runs of the journal, or anything. */
export type Values =
  | { readonly kind: "words" | "list"; readonly words: readonly string[] }
  | { readonly kind: "files" | "folders" | "runs" | "anything" };

/** A word with what it means. */
export interface DescribedWord {
  readonly word: string;
  readonly description: string;
}

/** An option, and what it takes; undefined for a switch. */
export interface CompletedOption {
  /** The short one first, where it has one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly values: Values | undefined;
}

/** What can be typed after a command. */
export interface CompletedCommand {
  /** The words that lead to it, e.g. `runs start`; empty for the program. */
  readonly path: string;
  readonly commands: readonly DescribedWord[];
  readonly options: readonly CompletedOption[];
  /** What its arguments are; the last one may be repeated. */
  readonly places: readonly Values[];
}

/** A program with all of its commands, as it completes. */
export interface CompletionTree {
  readonly name: string;
  readonly commands: readonly CompletedCommand[];
}

/** Reads what can be typed out of the definition of a program. */
export function completionTree(program: Command): CompletionTree {
  return { name: program.name(), commands: completedCommands(program, []) };
}

function completedCommands(command: Command, path: readonly string[]): CompletedCommand[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const commands = below.map((each) => ({
    word: each.name(),
    description: withoutDefault(each.description()),
  }));
  const own: CompletedCommand = {
    path: path.join(" "),
    commands,
    options: help.visibleOptions(command).map(completedOption),
    places: command.registeredArguments.map(valuesOf),
  };
  return [own, ...below.flatMap((each) => completedBelow(each, own))];
}

/** The command that commander adds by itself takes the names of those beside it. */
function completedBelow(
  command: Command,
  { path, commands }: CompletedCommand,
): CompletedCommand[] {
  const words = path === "" ? [] : path.split(" ");
  const completed = completedCommands(command, [...words, command.name()]);
  if (command.name() !== "help") return completed;
  const others = commands.map(({ word }) => word).filter((word) => word !== "help");
  return completed.map((each) => ({ ...each, places: [{ kind: "words", words: others }] }));
}

function completedOption(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const values = option.required || option.optional ? valuesOf(option) : undefined;
  return { names, description: withoutDefault(option.description), values };
}

/** A default is too long for a list. */
function withoutDefault(description: string): string {
  return description.replace(/ \(default: [^()]*\)$/, "");
}

/** What stands for a value in the help tells what it is. */
const kinds: Readonly<Record<string, Values>> = {
  FILE: { kind: "files" },
  PATH: { kind: "files" },
  INPUT: { kind: "files" },
  SOURCE: { kind: "files" },
  FOLDER: { kind: "folders" },
  ID: { kind: "runs" },
};

const lists: Readonly<Record<string, readonly string[]>> = {
  "--features": featuresOfVersion.v1,
  "--status": resultStatuses,
};

/** Options whose value is an id, but of no run that is there. */
const otherIds = ["--project", "--quota-project", "--run-id"];

function valuesOf(subject: Argument | Option): Values {
  if (subject.argChoices !== undefined) return { kind: "words", words: subject.argChoices };
  if (!("long" in subject)) return kinds[subject.name()] ?? { kind: "anything" };
  const words = lists[subject.long ?? ""];
  if (words !== undefined) return { kind: "list", words };
  if (otherIds.includes(subject.long ?? "")) return { kind: "anything" };
  const placeholder = /<(.+)>/.exec(subject.flags)?.[1] ?? "";
  return kinds[placeholder] ?? { kind: "anything" };
}

/** An option by all its names. */
export interface NamedValues {
  readonly names: readonly string[];
  readonly values: Values;
}

/**
 * The options that take a value. An option is the same in all commands, so that none has to be asked
 * for in the name of its command.
 */
export function optionsWithValues({ commands }: CompletionTree): readonly NamedValues[] {
  const all = commands.flatMap(({ options }) => options);
  const byName = new Map<string, NamedValues>();
  for (const { names, values } of all) {
    if (values !== undefined) byName.set(names.join(" "), { names, values });
  }
  return [...byName.values()];
}

/** What the arguments of a command are, each with a pattern of the command, a space and its place from 0. */
export function placePatterns({
  path,
  places,
}: CompletedCommand): readonly { readonly pattern: string; readonly values: Values }[] {
  return places.map((values, place) => {
    const isLast = place === places.length - 1;
    return { pattern: isLast ? `'${path} '*` : `'${path} ${place}'`, values };
  });
}

/** The name of a shell function of a program. */
export function functionName(program: string): string {
  return `_${program.replaceAll("-", "_")}`;
}
