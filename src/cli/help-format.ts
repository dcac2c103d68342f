import { Help, type Argument, type Command, type HelpConfiguration, type Option } from "commander";

const defaultAtEnd = /^(?<text>.*) \(default: (?<value>[^()]*)\)$/;

/** How help tells of options and arguments: in brackets whether one is required, choices, default, variable. */
export const helpFormat: HelpConfiguration = {
  optionDescription: (option) => describe(option, option),
  argumentDescription: (argument) => describe(argument, {}),
  // Without "[options]", which every command has, so that descriptions have room beside it.
  subcommandTerm: (command) =>
    [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
  groupItems: (unsorted, visible, groupOf) => {
    const groups = new Help().groupItems(unsorted, visible, groupOf);
    const own = groups.get(ownOptions);
    return own === undefined ? groups : new Map([[ownOptions, own], ...groups]);
  },
};

/** What a command alone has stands before what it shares with others. */
const ownOptions = "Options:";

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** A default that is reckoned, or that only the library knows, stands at the end of a description. */
function describe(
  subject: Option | Argument,
  {
    mandatory = false,
    envVar,
  }: { readonly mandatory?: boolean; readonly envVar?: string | undefined },
): string {
  const { text = subject.description, value } =
    defaultAtEnd.exec(subject.description)?.groups ?? {};
  const known = value ?? shownDefault(subject);
  const facts = [
    mandatory ? "required" : "",
    subject.argChoices === undefined ? "" : `choices: ${subject.argChoices.join(", ")}`,
    known === undefined ? "" : `default: ${known}`,
    envVar === undefined ? "" : `env: ${envVar}`,
  ].filter((fact) => fact !== "");
  return facts.length === 0 ? text : `${text} (${facts.join("; ")})`;
}

/** Those of switches say nothing: they are off, or with `--no-` on. */
function shownDefault({ defaultValue }: Option | Argument): string | undefined {
  return typeof defaultValue === "string" ? defaultValue : undefined;
}

/** Puts the options that a function adds below a heading of their own. */
export function inGroup(
  command: Command,
  heading: string,
  add: (command: Command) => Command,
): Command {
  return add(command.optionsGroup(heading)).optionsGroup(ownOptions);
}

/** Shows what is typed, an example a line. */
export function addExamples(command: Command, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  vision-batch ${example}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
