import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { expect } from "chai";
import { completionTree, optionsWithValues } from "../../src/cli/completion/completion-tree.ts";
import { createProgram } from "../../src/cli/program.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { createDirectoryStore, openRuns } from "../../src/index.ts";

const run = promisify(execFile);
const main = join(import.meta.dirname, "../../src/cli/main.ts");

async function scriptFor(shell: string): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  expect(
    await runCli(["completion", shell], { stdin: new PassThrough(), stdout, stderr }),
  ).to.equal(0);
  return String(stdout.read());
}

/** Whether a shell is on this machine; bash always is. */
function isThere(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("completion", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-completion-"));
    await mkdir(join(folder, "some folder/inner"), { recursive: true });
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "some folder/one file.png"), "");
    await writeFile(join(folder, "scan.png"), "");
    const program = `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`;
    await writeFile(join(folder, "bin/vision-batch"), program, { mode: 0o755 });
    const path = `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    environment = { ...process.env, PATH: path, HOME: folder };
    delete environment["VISION_BATCH_JOURNAL"];
    for (const shell of ["bash", "zsh", "fish"]) {
      await writeFile(join(folder, `completion.${shell}`), await scriptFor(shell));
    }
    await writeRuns(["scans", "books-2026"]);
  });
  after(() => rm(folder, { recursive: true }));

  async function writeRuns(ids: readonly string[]): Promise<void> {
    const journal = `sqlite:${join(folder, "vision-batch-runs.db")}`;
    const store = createDirectoryStore(join(folder, "buckets"));
    await using runs = await openRuns({ journal, store, drive: false });
    const request = { features: ["LABEL_DETECTION"], output: "gs://bucket/out/" } as const;
    for (const id of ids) await runs.start({ ...request, id, inputs: ["gs://bucket/1.png"] });
  }

  /** What a shell would offer for a line; its last word is the one that is being typed. */
  async function ask(shell: string, args: readonly string[], line: string): Promise<string[]> {
    const options = { cwd: folder, env: environment };
    const { stdout } = await run(shell, [...args, line], options);
    return stdout.split("\n").filter((offer) => offer !== "");
  }

  /** Tells the script the words as bash parts them, at `:` and `=` too. */
  function inBash(line: string): Promise<string[]> {
    const script = `
      source completion.bash
      line="$1"
      COMP_LINE="$line"
      COMP_WORDS=()
      while IFS= read -r word; do COMP_WORDS+=("$word"); done < <(
        printf '%s' "$line" | sed -e 's/ *[:=] */ & /g' | xargs -n 1)
      if [[ $line == *" " ]]; then COMP_WORDS+=(""); fi
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      $(complete -p vision-batch | sed 's/.*-F \\([^ ]*\\) .*/\\1/') vision-batch
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return ask("bash", ["--noprofile", "--norc", "-c", script, "bash"], line);
  }

  const shells: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
    bash: inBash,
    ...(isThere("fish") ? { fish: inFish } : {}),
  };

  /** Fish adds what each means after a tab. */
  async function inFish(line: string): Promise<string[]> {
    const script = "source completion.fish; complete -C $argv[1]";
    const offers = await ask("fish", ["--no-config", "-c", script], line);
    return offers.map((offer) => offer.replace(/\t.*/, ""));
  }

  for (const [shell, complete] of Object.entries(shells)) {
    describe(`in ${shell}`, () => {
      const offers: readonly (readonly [line: string, expected: readonly string[]])[] = [
        ["vision-batch ru", ["runs"]],
        ["vision-batch re", ["report", "results"]],
        ["vision-batch runs re", ["remove", "results", "resume", "retry"]],
        ["vision-batch help bigq", ["bigquery-schema"]],
        ["vision-batch runs help sho", ["show"]],
        ["vision-batch --vers", ["--version"]],
        ["vision-batch runs start --im", ["--images", "--images-per-request"]],
        ["vision-batch annotate --on-", ["--on-interrupt", "--on-unknown-submit"]],
        ["vision-batch submit --emul", []],
        ["vision-batch results --format p", ["parquet", "pdf"]],
        ["vision-batch annotate -o gs://bucket/out/ --on-interrupt c", ["cancel"]],
        ["vision-batch annotate -f LAB", ["LABEL_DETECTION"]],
        ["vision-batch --quiet runs retry scans --status fa", ["failed"]],
        ["vision-batch emulator --directory some", ["some folder/"]],
        ["vision-batch annotate sc", ["scan.png"]],
        ["vision-batch annotate --from sc", ["scan.png"]],
        ["vision-batch status sc", []],
        ["vision-batch runs show ", ["books-2026", "scans"]],
        ["vision-batch report --out report/ --run bo", ["books-2026"]],
        ["vision-batch runs show --journal sqlite:vision-batch-runs.db sc", ["scans"]],
        ["vision-batch runs show --journal sqlite:other.db sc", []],
        ["vision-batch runs show --journal postgres://127.0.0.1:1/none sc", []],
        ["vision-batch completion ", ["bash", "fish", "zsh"]],
      ];
      for (const [line, expected] of offers) {
        it(`offers ${expected.join(", ") || "nothing"} for "${line}"`, async () => {
          const found = (await complete(line)).map((offer) =>
            offer.replace(/^some folder$/, "$&/"),
          );
          expect(found.sort()).to.deep.equal(expected);
        });
      }

      it("goes on after the last comma of a list", async () => {
        const [offer, ...others] = await complete("vision-batch annotate -f TEXT_DETECTION,LAB");
        expect(offer).to.equal("TEXT_DETECTION,LABEL_DETECTION");
        expect(others).to.deep.equal([]);
      });
    });
  }

  it("completes values after = in bash, where they are words of their own", async () => {
    expect(await inBash("vision-batch results --format=p")).to.have.members(["parquet", "pdf"]);
    expect(await inBash("vision-batch results --format=")).to.include("ndjson");
  });

  it("offers no files for the pieces of a URI", async () => {
    expect(await inBash("vision-batch annotate gs:")).to.deep.equal([]);
    expect(await inBash("vision-batch annotate gs://")).to.deep.equal([]);
  });

  it("tells the places of arguments apart in bash", async () => {
    expect(await inBash("vision-batch runs decide sc")).to.deep.equal(["scans"]);
    expect(await inBash("vision-batch runs decide scans ")).to.deep.equal([]);
    expect(await inBash("vision-batch runs decide scans 3 re")).to.deep.equal(["resubmit"]);
  });

  if (isThere("zsh")) {
    it("is a script that zsh can read", async () => {
      await run("zsh", ["-n", "completion.zsh"], { cwd: folder });
    });
  }

  it("has every visible command and option in each script", async () => {
    const streams = {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    };
    const tree = completionTree(createProgram({ streams, onExitCode: () => undefined }));
    expect(tree.commands.map(({ path }) => path)).to.include.members([
      "",
      "annotate",
      "runs decide",
    ]);
    for (const shell of ["bash", "zsh", "fish"]) {
      const script = await scriptFor(shell);
      for (const { path, options } of tree.commands) {
        expect(script).to.include(path);
        for (const name of options.flatMap(({ names }) => names)) {
          expect(script, shell).to.include(shell === "fish" ? name.replace(/^--?/, "") : name);
        }
      }
    }
  });

  it("takes an option for the same thing in every command", () => {
    const streams = {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    };
    const tree = completionTree(createProgram({ streams, onExitCode: () => undefined }));
    const named = optionsWithValues(tree);
    for (const { names, values } of tree.commands.flatMap(({ options }) => options)) {
      const same = named.find((each) => each.names.includes(names.at(-1) ?? ""));
      expect(same?.values, names.join(", ")).to.deep.equal(values);
    }
  });
});
