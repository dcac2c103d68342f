import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { runCli } from "../cli/spawn-cli.ts";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root } from "./example-process.ts";

const folder = join(root, "examples");
const programs = globSync("**/*.{ts,cjs}", { cwd: folder, exclude: ["deploy/**"] });

describe("examples/README.md", () => {
  let text: string;

  before(async () => {
    text = await readFile(join(folder, "README.md"), "utf8");
  });

  it("lists every example, and nothing that is not there", () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links).to.include.members(programs);
    for (const link of links) expect(globSync(link, { cwd: folder }), link).to.have.length(1);
  });

  it("gives commands that work", async () => {
    const emulator = await TestEmulator.start();
    try {
      const [, command = ""] = /^node (examples\/annotate-images\.ts .*)$/m.exec(text) ?? [];
      const end = await new ExampleProcess(command.split(" "), emulator.emulator).ended;
      expect(end.code, end.stderr).to.equal(0);
    } finally {
      await emulator.close();
    }
    const [, flags = ""] = /^npx vision-batch (emulator .*)$/m.exec(text) ?? [];
    const names = flags.match(/--[\w-]+/g) ?? [];
    const { stdout } = await runCli(["emulator", "--help"]);
    for (const name of names) expect(stdout).to.contain(`${name} <`);
    expect(names).to.have.length(3);
  });
});

describe("each example", () => {
  for (const path of programs) {
    it(`says what it is and is run by a test: ${path}`, async () => {
      const code = await readFile(join(folder, path), "utf8");
      expect(code).to.match(/^(\/\/ @ts-check\n)?\/\*\*/);
      const tests = globSync("*.test.ts", { cwd: import.meta.dirname });
      const sources = tests.map((name) => readFile(join(import.meta.dirname, name), "utf8"));
      expect((await Promise.all(sources)).join("\n")).to.contain(runAs[path] ?? path);
    });
  }
});

/** What is run where an example is one of several files, or run by another name. */
const runAs: Readonly<Record<string, string>> = {
  "cloud-functions/submit.ts": "cloud-functions/serve.ts",
  "cloud-functions/finish.ts": "cloud-functions/serve.ts",
  "cloud-functions/places.ts": "cloud-functions/serve.ts",
  "testing/receipts.ts": "examples/testing/mocha/receipts.test.ts",
  "testing/vitest/receipts.test.ts": '"--root", "examples/testing/vitest"',
};
