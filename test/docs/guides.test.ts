import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { documents, expectationsOf, isGuide, nameOf, root, type Document } from "./documents.ts";
import { GuideSession, moduleOf, type ExpectedBlock, type Outcome } from "./guide-session.ts";
import type { Expectation, Guide, Text } from "./guide.ts";
import { faultsOfCommands } from "./parse-commands.ts";

const run = promisify(execFile);
const guides = (await documents()).filter(isGuide);
const expectations = new Map<Document, Guide>();
for (const guide of guides) {
  expectations.set(guide, (await expectationsOf(guide)) ?? { blocks: [] });
}

/** The blocks of a document that are code, each with what is expected of it. */
function expectedBlocks(guide: Document): readonly ExpectedBlock[] {
  const { blocks } = expectations.get(guide)!;
  return runnable(guide).flatMap((block, index) => {
    const expectation = blocks[index];
    return expectation === undefined ? [] : [{ block, expectation }];
  });
}

function runnable({ blocks }: Document): Document["blocks"] {
  return blocks.filter(({ language }) => language === "ts" || language === "sh");
}

describe("code in documents", () => {
  let folder: string;

  before(async () => {
    // Below the package, so that programs import it by its name and get what was built.
    await mkdir(join(root, "temp"), { recursive: true });
    folder = await mkdtemp(join(root, "temp/docs-"));
    for (const guide of guides) {
      await mkdir(folderOf(guide));
      for (const [index, { language, code }] of runnable(guide).entries()) {
        if (language === "ts") await writeFile(moduleOf(folderOf(guide), index), code);
      }
    }
  });

  after(() => rm(folder, { recursive: true }));

  let compiled: Promise<string> | undefined;
  /** What the compiler says against the programs of a document; all of them are compiled at once. */
  async function faultsOfPrograms(guide: Document): Promise<readonly string[]> {
    const said = await (compiled ??= compile(folder));
    const inside = relative(root, folderOf(guide));
    return said.split(/\n(?=\S)/).filter((fault) => fault.startsWith(`${inside}/`));
  }

  function folderOf(guide: Document): string {
    return join(folder, nameOf(guide));
  }

  for (const guide of guides) {
    describe(guide.path, () => {
      let session: GuideSession | undefined;

      after(async () => {
        expect((await session?.end()) ?? []).to.deep.equal([]);
      });

      it("has an expectation for each block, and no other languages than known ones", async () => {
        const { blocks } = expectations.get(guide)!;
        expect(blocks.map(({ under }) => under)).to.deep.equal(
          runnable(guide).map(({ heading }) => heading),
        );
        for (const { language, code } of guide.blocks) {
          expect(language).to.be.oneOf(["ts", "sh", "json", "sql", "text", "yaml"]);
          if (language === "json") JSON.parse(code);
        }
        for (const expectation of blocks) await expectSomething(guide, expectation);
      });

      it("has programs that compile against the built package", async () => {
        expect(await faultsOfPrograms(guide)).to.deep.equal([]);
      });

      it("gives commands that the program takes", async () => {
        for (const { language, code } of guide.blocks) {
          if (language === "sh") expect(await faultsOfCommands(code)).to.deep.equal([]);
        }
      });

      for (const [index, { block, expectation }] of expectedBlocks(guide).entries()) {
        if ("notRun" in expectation || "checkedBy" in expectation) continue;
        it(`does what it says: line ${block.line}, ${block.heading}`, async () => {
          session ??= await GuideSession.start(
            folderOf(guide),
            expectedBlocks(guide),
            expectations.get(guide)!,
          );
          compare(await session.outcome(index), expectation);
          if (!("writes" in expectation)) return;
          for (const [path, texts] of Object.entries(expectation.writes ?? {})) {
            const written = await readFile(join(session.work, path), "utf8");
            for (const text of texts) expectText(written, text, path);
          }
        });
      }
    });
  }
});

/** What the compiler says of a folder of programs. */
async function compile(folder: string): Promise<string> {
  const config = { extends: "../../tsconfig.json", include: ["*/*.ts"], exclude: [] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  return run("tsc", ["-p", folder], { cwd: root }).then(
    () => "",
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}

/** An expectation that nothing can fail is none. */
async function expectSomething({ path }: Document, expectation: Expectation): Promise<void> {
  if ("checkedBy" in expectation) {
    const test = await readFile(join(root, expectation.checkedBy), "utf8");
    expect(test).to.contain(basename(path));
  } else if ("notRun" in expectation) {
    expect(expectation.notRun).to.have.length.above(10);
  } else if (!("staysUp" in expectation) && expectation.prints === undefined) {
    const { contains = [], tells = [], writes = {} } = expectation;
    const texts = [...contains, ...tells, ...Object.values(writes).flat()];
    expect(texts, `what is expected under ${expectation.under}`).not.to.deep.equal([]);
  }
}

function compare(outcome: Outcome, expectation: Expectation): void {
  const { stdout, stderr, exitCode, error } = outcome;
  const all = `stdout:\n${stdout}\nstderr:\n${stderr}`;
  if (error !== undefined) throw new Error(`${error}\n${all}`);
  if ("staysUp" in expectation) {
    expect(exitCode, all).to.equal(null);
    return;
  }
  if (!("under" in expectation) || "notRun" in expectation || "checkedBy" in expectation) return;
  expect(exitCode, all).to.equal(expectation.exitCode ?? 0);
  for (const text of expectation.contains ?? []) expectText(stdout, text, all);
  for (const text of expectation.tells ?? []) expectText(stderr, text, all);
  if (expectation.prints !== undefined) expectLines(stdout, expectation.prints, all);
}

function expectText(output: string, text: Text, all: string): void {
  if (typeof text === "string") expect(output, all).to.contain(text);
  else expect(output, all).to.match(text);
}

function expectLines(output: string, expected: readonly Text[], all: string): void {
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  const same = lines.map((line, index) => {
    const text = expected[index];
    return text instanceof RegExp && text.test(line) ? text : line;
  });
  expect(same, all).to.deep.equal(expected);
}
