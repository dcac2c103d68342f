import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { documents, isGuide, root, type Document } from "./documents.ts";
import { faultsOfCommands } from "./parse-commands.ts";
import { ownCommands } from "./shell-commands.ts";

/** Tables of these list options of the API in their first column. */
const optionTitles = new Set(["option", "setting", "of `createWorker`"]);
const declarations = ["src/**/*.ts", "generated/google/cloud/vision/v1/*.ts"];
/** Flags of every command, and of Node. */
const otherFlags = ["-h", "--help", "--version", "--max-semi-space-size"];

describe("what documents name", () => {
  const streams = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const program = createProgram({ streams, onExitCode: () => undefined });
  let all: readonly { readonly guide: Document; readonly text: string }[];
  let guides: typeof all;

  before(async () => {
    all = await Promise.all(
      (await documents()).map(async (guide) => ({
        guide,
        text: withoutBlocks(await readFile(join(root, guide.path), "utf8")),
      })),
    );
    guides = all.filter(({ guide }) => isGuide(guide));
  });

  it("are commands that the program takes, also where they are not run", async () => {
    const others = all.filter(({ guide }) => !isGuide(guide));
    const blocks = others.flatMap(({ guide }) => guide.blocks);
    const scripts = blocks.filter(({ language }) => language === "sh").map(({ code }) => code);
    expect(scripts).not.to.deep.equal([]);
    for (const script of scripts) expect(await faultsOfCommands(script)).to.deep.equal([]);
  });

  it("are commands that there are, with options that they have", () => {
    const unknown = all.flatMap(({ guide, text }) =>
      inlineCode(text)
        .flatMap((code) => ownCommands(code))
        .flatMap((words) => unknownOf(program, words))
        .map((word) => `${guide.path}: ${word}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("are flags that some command has", () => {
    const known = new Set([...flagsOf(program), ...otherFlags]);
    const unknown = guides.flatMap(({ guide, text }) =>
      inlineCode(text)
        .flatMap((code) => /^--[a-z-]+/.exec(code)?.[0] ?? [])
        .filter((flag) => !known.has(flag))
        .map((flag) => `${guide.path}: ${flag}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("are options that the API has", async () => {
    const members = new Set<string>();
    for await (const file of glob(declarations, { cwd: root })) {
      const source = await readFile(join(root, file), "utf8");
      const member = file.startsWith("src") ? /^ *readonly (\w+)\??:/gm : /^ *(\w+):/gm;
      for (const [, name = ""] of source.matchAll(member)) members.add(name);
    }
    const named = guides.flatMap(({ guide, text }) =>
      optionsOf(text).map((name) => ({ guide, name })),
    );
    expect(named.length).to.be.above(30);
    const unknown = named.filter(({ name }) => name.split(".").some((part) => !members.has(part)));
    expect(unknown.map(({ guide, name }) => `${guide.path}: ${name}`)).to.deep.equal([]);
  });
});

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function inlineCode(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The words of a command line that name no command, or an option that its command has not. */
function unknownOf(program: Command, words: readonly string[]): readonly string[] {
  let command = program;
  let rest = words;
  while (command.commands.length > 0 && rest[0] !== undefined && !rest[0].startsWith("-")) {
    const next = command.commands.find((each) => each.name() === rest[0]);
    // Where a command is to be thought of, as in `vision-batch ...`.
    if (next === undefined) return /^[a-z]/.test(rest[0]) ? [words.join(" ")] : [];
    command = next;
    rest = rest.slice(1);
  }
  const known = new Set([...flagsOf(command, { deep: false }), ...otherFlags]);
  return rest.filter((word) => /^--?[a-z]/.test(word) && !known.has(word.replace(/=.*/, "")));
}

function flagsOf(command: Command, { deep = true } = {}): readonly string[] {
  const own = command.options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat());
  return deep ? [...own, ...command.commands.flatMap((each) => flagsOf(each))] : own;
}

/** The names in the cells of columns that list options. */
function optionsOf(text: string): readonly string[] {
  const tables = [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => table.trim().split("\n"));
  return tables.flatMap(([head = "", , ...rows]) => {
    const columns = cellsOf(head).flatMap((title, index) =>
      optionTitles.has(title) ? [index] : [],
    );
    const cells = rows.flatMap((row) => columns.map((column) => cellsOf(row)[column] ?? ""));
    // Those of commands are looked at as flags.
    const names = cells.flatMap(inlineCode).filter((code) => !code.startsWith("-"));
    return names.map((code) => code.replace(/:.*/, ""));
  });
}

function cellsOf(row: string): readonly string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
