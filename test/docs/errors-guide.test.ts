import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { createProgram } from "../../src/cli/program.ts";
import { exitCodeOf } from "../../src/cli/report-error.ts";
import { codeNumbers, errorFromJson, VisionBatchError, type Code } from "../../src/errors/index.ts";
import * as emulator from "../../src/emulator/index.ts";
import * as main from "../../src/index.ts";
import type { MethodEntry } from "../../src/protocol/method-table.ts";
import * as document from "../../src/results/document/index.ts";
import * as exports from "../../src/results/export/index.ts";
import { submitOutcome } from "../../src/transport/submit-outcome.ts";
import * as workers from "../../src/workers/index.ts";

const root = join(import.meta.dirname, "../..");

/** The cells of the table whose first column has this title, row by row. */
function tableOf(guide: string, title: string): readonly (readonly string[])[] {
  const tables = guide.match(/(?:^\|.*\|\n)+/gm) ?? [];
  const [, , ...rows] =
    tables
      .map((table) => table.trim().split("\n").map(cellsOf))
      .find(([head]) => head?.[0] === title) ?? [];
  return rows;
}

function cellsOf(row: string): readonly string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}

/** The members of a union of names, as the source of a type writes it. */
async function unionOf(file: string, type: string): Promise<readonly string[]> {
  const text = await readFile(join(root, "src/errors", file), "utf8");
  const [, union = ""] = new RegExp(`export type ${type} =([^;]*);`).exec(text) ?? [];
  return [...union.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
}

describe("the guide to errors", () => {
  let guide: string;

  before(async () => {
    guide = await readFile(join(root, "docs/errors.md"), "utf8");
  });

  it("has every class of errors that is exported, and no other", () => {
    const classes = Object.entries({
      ...main,
      ...document,
      ...emulator,
      ...exports,
      ...workers,
    }).flatMap(([name, value]) => {
      const isClass = typeof value === "function" && value.prototype instanceof VisionBatchError;
      return isClass || value === VisionBatchError ? [name] : [];
    });
    const names = tableOf(guide, "class").map(([name]) => name);
    expect(names).to.have.members(classes);
  });

  it("tells the exit code of each class", () => {
    for (const row of tableOf(guide, "class")) {
      const [name = ""] = row;
      if (name === "JournalError") continue;
      const code = exitCodeOf(errorFromJson({ name, message: "any" }));
      expect(row.at(-1), name).to.equal(String(code));
    }
  });

  it("has every reason of a journal, with its exit code", async () => {
    const rows = tableOf(guide.slice(guide.indexOf("### Journals")), "reason");
    const reasons = await unionOf("journal-error.ts", "JournalErrorReason");
    expect(rows.map(([reason]) => reason)).to.have.members([...reasons]);
    const told = new Set<string>();
    for (const row of rows) {
      const [reason] = row;
      const error = errorFromJson({ name: "JournalError", message: "any", reason });
      expect(row.at(-1), reason).to.equal(String(exitCodeOf(error)));
      told.add(String(exitCodeOf(error)));
    }
    const [ofClass] = tableOf(guide, "class").filter(([name]) => name === "JournalError");
    expect(ofClass?.at(-1)).to.equal([...told].sort().join(" or "));
  });

  it("has every reason of a store", async () => {
    const rows = tableOf(guide.slice(guide.indexOf("### Storage")), "reason");
    const reasons = await unionOf("storage-error.ts", "StorageErrorReason");
    expect(rows.map(([reason]) => reason)).to.have.members([...reasons]);
  });

  it("names the codes with which a submit is rejected", () => {
    const method = { name: "AsyncBatchAnnotateImages" } as MethodEntry;
    const refused = (Object.keys(codeNumbers) as Code[]).filter((code) => {
      const status = { code, message: "", details: [] };
      const failure = { ok: false, status, mayHaveBeenSent: true, cause: undefined } as const;
      return submitOutcome(failure, method) === "rejected";
    });
    const [, when = ""] = tableOf(guide, "outcome").find(([name]) => name === "rejected") ?? [];
    const named = [...when.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
    expect(named).to.have.members(refused);
  });

  it("says what each code of the service means", () => {
    const codes = tableOf(guide, "code").flatMap(([codes = ""]) => codes.match(/[A-Z_]+/g) ?? []);
    expect(codes).to.have.members(Object.keys(codeNumbers).filter((code) => code !== "OK"));
  });

  it("has every exit code of the command line, by its name", () => {
    const section = guide.slice(guide.indexOf("## Exit codes"));
    const rows = tableOf(section, "code").map(([code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(rows)).to.deep.equal(exitCodes);
  });

  it("tells the exit codes of every command", () => {
    const stream = new PassThrough();
    const streams = { stdin: stream, stdout: stream, stderr: stream };
    const program = createProgram({ streams, onExitCode: () => undefined });
    const names = program.commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((each) => `${command.name()} ${each.name()}`),
    );
    const told = tableOf(guide, "command").flatMap(([cell = ""]) =>
      cell.split(/[`,]+ ?/).filter(Boolean),
    );
    expect(told).to.have.members(names);
  });
});
