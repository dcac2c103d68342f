import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { createProgram } from "../../src/cli/program.ts";
import { parseFaultRules, startEmulator } from "../../src/emulator/index.ts";
import { root } from "./documents.ts";

describe("the guide to the emulator", () => {
  let guide: string;

  before(async () => {
    guide = await readFile(join(root, "docs/emulator.md"), "utf8");
  });

  /** The first cells of the table rows below a heading. */
  function firstCells(heading: string): readonly string[] {
    const [section = ""] = guide.slice(guide.indexOf(`\n## ${heading}\n`) + 1).split(/\n## /);
    return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = ""]) => cell);
  }

  it("has every option of the command", () => {
    const stream = new PassThrough();
    const streams = { stdin: stream, stdout: stream, stderr: stream };
    const program = createProgram({ streams, onExitCode: () => undefined });
    const options = program.commands.find((command) => command.name() === "emulator")?.options;
    const flags = (options ?? []).map(({ long }) => String(long));
    expect(flags).to.have.length.above(10);
    for (const flag of flags) expect(guide).to.match(new RegExp(`[ \`]${flag}\\b`));
  });

  it("has every field of fault rules", () => {
    let refusal = "";
    try {
      parseFaultRules([{ none: 1 }]);
    } catch (error) {
      refusal = (error as Error).message;
    }
    const [, known = ""] = /\(known: ([^)]*)\)/.exec(refusal) ?? [];
    expect(firstCells("Fault rules")).to.have.members(known.split(", "));
  });

  it("has every endpoint of the admin", async () => {
    await using emulator = await startEmulator();
    const answer = await fetch(`${emulator.http}/emulator/v1/none`, {
      headers: { connection: "close" },
    });
    const endpoints = [...(await answer.text()).matchAll(/([A-Z]+) \/emulator\/v1\/(\w+)/g)];
    const [, ...known] = endpoints.map(([, verb, name]) => `${verb} ${name}`);
    expect(firstCells("Ask it, and steer it")).to.have.members(known);
  });
});
