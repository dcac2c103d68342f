import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { Command, Option } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { faultsOfCommands } from "../docs/parse-commands.ts";

const stream = new PassThrough();
const streams = { stdin: stream, stdout: stream, stderr: stream };

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

/** The whole tree, each command with what is typed before its options. */
function tree(): readonly { readonly path: string; readonly command: Command }[] {
  const program = createProgram({ streams, onExitCode: () => undefined });
  return commandsOf(program).map((command) => ({ path: pathOf(command), command }));
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** As it is shown, what is said after it included. */
function helpOf(command: Command): string {
  let text = "";
  const writeOut = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function describeOption(command: Command, option: Option): string {
  return command.createHelp().optionDescription(option);
}

/** What needs no default: without it nothing is picked, added, or ended. */
const withoutDefault = [...["--from", "--label", "--chunk", "--input", "--run"]];

/** One name, one thing; the words may differ where the command says more of it. */
const saidDifferently: Readonly<Record<string, string>> = {
  "--out": "where a command writes: a file, or for the report a folder too",
  "--journal": "workers need one in PostgreSQL",
  "--lease": "of a process, and of a worker",
  "--project": "of the caller, and of what the emulator plays",
  "--requests-per-minute": "the quota, as callers keep it and as the emulator enforces it",
  "--json": "one value, or a line for each",
};

describe("help", () => {
  for (const { path, command } of tree()) {
    describe(path, () => {
      it("describes the command, its arguments and its options", () => {
        const described = [
          command.description(),
          ...command.registeredArguments.map(({ description }) => description),
          ...optionsOf(command).map(({ description }) => description),
        ];
        for (const description of described) expect(description).to.match(/\S{3}/);
      });

      it("begins in lower case and ends without a full stop", () => {
        const described = [
          ...(command.parent === null ? [] : [command.description()]),
          ...command.registeredArguments.map(({ description }) => description),
          ...optionsOf(command).map(({ description }) => description),
        ];
        for (const description of described) {
          expect(description).to.match(/^[a-z]/);
          expect(description).to.match(/[^.\s]$/);
        }
      });

      it("tells the default of each option that takes a value, unless it is required", () => {
        for (const option of optionsOf(command)) {
          if (!option.required || withoutDefault.includes(option.long ?? "")) continue;
          const text = describeOption(command, option);
          expect(text, option.flags).to.match(option.mandatory ? /\(required/ : /default: /);
        }
      });

      it("has no line over 100 columns", () => {
        const long = helpOf(command)
          .split("\n")
          .filter((line) => line.length > 100);
        expect(long).to.deep.equal([]);
      });

      it("tells the exit codes", () => {
        expect(helpOf(command)).to.match(/\nExit codes: 0 /);
      });

      it("shows examples that the command takes", async () => {
        const [, examples = ""] = /\nExamples:\n((?: {2}.+\n)+)/.exec(helpOf(command)) ?? [];
        expect(await faultsOfCommands(examples)).to.deep.equal([]);
        for (const line of examples.split("\n").filter((each) => each !== "")) {
          expect(line).to.match(/^ {2}vision-batch /);
        }
      });
    });
  }

  it("has examples where there is much to choose", () => {
    const shown = tree().filter(({ command }) => helpOf(command).includes("\nExamples:\n"));
    const many = tree().filter(({ command }) => optionsOf(command).length > 20);
    expect(shown.map(({ path }) => path)).to.include.members(many.map(({ path }) => path));
  });

  it("names the variables that commands read", () => {
    const help = helpOf(createProgram({ streams, onExitCode: () => undefined }));
    for (const { command } of tree()) {
      for (const { envVar } of optionsOf(command)) if (envVar) expect(help).to.include(envVar);
    }
  });

  it("means one thing by a name", () => {
    const meanings = new Map<string, Set<string>>();
    for (const { command } of tree()) {
      for (const option of optionsOf(command)) {
        const name = option.long ?? option.flags;
        const meaning = `${option.flags}: ${describeOption(command, option)}`;
        meanings.set(name, (meanings.get(name) ?? new Set()).add(meaning));
      }
    }
    const several = [...meanings].filter(([, said]) => said.size > 1).map(([name]) => name);
    expect(several.sort()).to.deep.equal(Object.keys(saidDifferently).sort());
  });

  it("means one thing by a letter", () => {
    const names = new Map<string, Set<string>>();
    for (const { command } of tree()) {
      for (const { short, long } of optionsOf(command)) {
        if (short) names.set(short, (names.get(short) ?? new Set()).add(long ?? ""));
      }
    }
    for (const [letter, long] of names) expect([...long], letter).to.have.length(1);
  });
});
