import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCli, startCli, type CliResult } from "../cli/spawn-cli.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";

const png = "\x89PNG\r\n\x1a\n";
const pdf = "%PDF-1.7 two pages";
const text = { fullTextAnnotation: { text: "found" } };
const recordings = [
  { uri: "gs://**/bad*", response: { error: { code: 3, message: "Bad image data." } } },
  {
    uri: "gs://**/hostile*",
    response: { fullTextAnnotation: { text: "\u001b[2J\u009b31m\u202eevil\u0007" } },
  },
  { uri: "gs://**/large*", response: { fullTextAnnotation: { text: "x".repeat(3_000_000) } } },
  { uri: "gs://**/*.png", response: text },
];

interface Line {
  readonly index: number;
  readonly input?: string;
  readonly uri: string;
  readonly status: string;
  readonly error?: { readonly code?: string; readonly message: string };
  readonly response?: { readonly fullTextAnnotation?: { readonly text: string } };
  readonly pages?: readonly Line[];
}

const lines = ({ stdout }: CliResult): readonly Line[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

const byIndex = (result: CliResult): readonly Line[] =>
  [...lines(result)].sort((a, b) => a.index - b.index);

const brief = (result: CliResult) => byIndex(result).map(({ input, status }) => [input, status]);

describe("vision-batch", () => {
  let emulator: TestEmulator;
  let folder: string;

  before(async () => {
    const responses = [1, 2].map((page) => ({ fullTextAnnotation: { text: `page ${page}` } }));
    emulator = await TestEmulator.start({ recordings, pages: { [pdf]: responses } });
  });

  beforeEach(async () => {
    await emulator.emulator.admin.reset();
    folder = await mkdtemp(join(tmpdir(), "vision-batch-e2e-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
    await rm(emulator.emulator.directory, { recursive: true });
    await mkdir(emulator.emulator.directory);
  });

  after(() => emulator.close());

  const admin = () => emulator.emulator.admin;
  const options = (more: { readonly stdin?: string } = {}) => ({
    cwd: folder,
    env: {
      VISION_EMULATOR_HOST: emulator.emulator.grpc,
      VISION_EMULATOR_HTTP: emulator.emulator.http,
    },
    ...more,
  });
  const job = ["--features", "TEXT_DETECTION", "--output", "gs://out/results"] as const;
  const annotate = (args: readonly string[], stdin?: string) =>
    runCli(["annotate", ...job, ...args], options(stdin === undefined ? {} : { stdin }));

  /** Calls the command that another one proposed. */
  function goOn({ stderr }: CliResult, command = /\ngo on with: vision-batch (.*)/) {
    const [, words = ""] = command.exec(stderr) ?? [];
    return runCli(words.split(" "), options());
  }

  async function files(contents: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(contents)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), content, "latin1");
    }
  }

  describe("annotate", () => {
    it("writes one record for each local file, documents with their pages, and exits 0", async () => {
      await files({ "b.png": png, "a.pdf": pdf, "c.png": `${png}c` });
      const result = await annotate(["b.png", "a.pdf", "c.png"]);
      expect(result.code, result.stderr).to.equal(0);
      expect(brief(result)).to.deep.equal([
        ["b.png", "succeeded"],
        ["a.pdf", "succeeded"],
        ["c.png", "succeeded"],
      ]);
      const [image, document] = byIndex(result);
      expect(image?.uri).to.match(/^gs:\/\/out\/results\/inputs\/[0-9a-f]{32}\/b\.png$/);
      expect(image?.response?.fullTextAnnotation?.text).to.equal("found");
      const pages = document?.pages?.map((page) => page.response?.fullTextAnnotation?.text);
      expect(pages).to.deep.equal(["page 1", "page 2"]);
      expect(result.stderr).to.match(/annotating: 3 of 3 inputs/);
      expect(result.stderr).to.match(/inputs +3\n +succeeded +3\npages +2\nrequests succeeded +2/);
      expect(admin().submits()).to.have.length(2);
    });

    it("exits 1 where an input fails, and tells which and why", async () => {
      await files({ "bad.png": png, "good.png": `${png}good` });
      const result = await annotate(["bad.png", "good.png"]);
      expect(result.code, result.stderr).to.equal(1);
      expect(byIndex(result)[0]).to.deep.include({
        input: "bad.png",
        status: "failed",
        error: { code: "INVALID_ARGUMENT", message: "Bad image data." },
      });
      expect(result.stderr).to.contain("bad.png: INVALID_ARGUMENT: Bad image data.");
    });

    it("exits 2 where it is used wrongly, and submits nothing", async () => {
      await files({ "a.png": png });
      for (const [args, message] of [
        [["a.png", "--features", "TEXT_DETECTON"], "did you mean TEXT_DETECTION?"],
        [["missing.png"], "missing.png cannot be read"],
        [["*.jpg"], "*.jpg matches nothing"],
        [["a.png", "--output", "out/"], "expected gs://bucket/prefix/"],
        [["a.png", "--bogus"], "unknown option"],
        [["a.png", "--api-version", "v1p2beta1"], "v1p2beta1 takes no images"],
        [["a.png", "--out", "none/records"], "--out none/records: ENOENT"],
        [["a.png", "--out", "."], "--out .: it is a folder"],
        [["a.png", "--from", "none"], "cannot read the list none"],
        [["-\u001b[31m"], "unknown option '-\\x1b[31m'"],
        [["gs://bucket"], "inputs[0]"],
        [[], "no input"],
      ] as const) {
        const result = await annotate(args);
        expect(result.code, result.stderr).to.equal(2);
        expect(result.stderr).to.contain(message);
        expect(result.stdout).to.equal("");
      }
      expect(admin().callCounts()).to.deep.equal({});
    });

    it("exits 3 where the service refuses, and goes on where it was once it does not", async () => {
      const status = { code: "PERMISSION_DENIED", message: "no such right" } as const;
      admin().setFaults([{ method: "AsyncBatchAnnotateImages", status }]);
      await files({ "a.png": png, "b.pdf": pdf });
      const result = await annotate(["a.png", "b.pdf"]);
      expect(result.code, result.stderr).to.equal(3);
      expect(result.stdout).to.equal("");
      expect(result.stderr).to.contain("no such right");
      admin().setFaults([]);
      const gone = await goOn(result);
      expect(gone.code, gone.stderr).to.equal(0);
      expect(brief(gone)).to.deep.equal([
        ["a.png", "succeeded"],
        ["b.pdf", "succeeded"],
      ]);
      expect(admin().submits()).to.have.length(2);
      expect((await readdir(folder)).sort()).to.deep.equal(["a.png", "b.pdf"]);
    });

    it("finds again what was accepted though the answer was lost", async () => {
      admin().setFaults([
        { method: "AsyncBatchAnnotateImages", when: "afterAcceptance", dropConnection: true },
      ]);
      await files({ "a.png": png });
      const result = await annotate(["a.png"]);
      expect(result.code, result.stderr).to.equal(0);
      expect(brief(result)).to.deep.equal([["a.png", "succeeded"]]);
      expect(admin().submits()).to.have.length(1);
      expect(result.stderr).to.contain("it may have been accepted");
      expect(result.stderr).to.contain("found again");
    });

    it("leaves it to a person whether to send again what is not found, and does as told", async () => {
      admin().setFaults([
        { method: "AsyncBatchAnnotateImages", when: "beforeAcceptance", dropConnection: true },
      ]);
      await files({ "a.png": png });
      const result = await annotate(["a.png", "--quarantine", "0"]);
      expect(result.code, result.stderr).to.equal(3);
      expect(result.stdout).to.equal("");
      expect(result.stderr).to.contain("possibly submitted");
      admin().setFaults([]);
      const decided = await goOn(result, /decide on chunk 0 with: vision-batch (.*)/);
      expect(decided.code, decided.stderr).to.equal(0);
      const gone = await goOn(result);
      expect(brief(gone), gone.stderr).to.deep.equal([["a.png", "succeeded"]]);
      expect(admin().submits()).to.have.length(1);
    });

    it("takes labels one at a time, so that inputs may follow", async () => {
      await files({ "a.png": png });
      const result = await annotate(["--label", "a=b", "--label", "c=d", "a.png"]);
      expect(brief(result), result.stderr).to.deep.equal([["a.png", "succeeded"]]);
    });

    it("exits 3 where the records cannot be written, and leaves nothing behind", async () => {
      await files({ "large.png": png, "b.pdf": pdf });
      // Enough for the journal and too little for the records.
      const limits = 'trap "" XFSZ; ulimit -f 4096';
      const args = ["annotate", "large.png", "b.pdf", ...job, "--out", "full"];
      const { code, stderr } = await runCli(args, { ...options(), limits });
      expect(code, stderr).to.equal(3);
      expect(stderr).to.contain("--out full: EFBIG");
      expect(stderr).to.contain("read results with");
      expect((await readdir(folder)).sort()).to.deep.equal(["b.pdf", "large.png"]);
    });

    it("exits 3 where the journal cannot be written, before anything is submitted", async () => {
      await files({ "a.png": png });
      const limits = 'trap "" XFSZ; ulimit -f 0';
      const { code, stderr } = await runCli(["annotate", "a.png", ...job], {
        ...options(),
        limits,
      });
      expect(code, stderr).to.equal(3);
      expect(stderr).to.contain("journal sqlite:vision-batch-");
      expect(admin().submits()).to.deep.equal([]);
      expect(await readdir(folder)).to.deep.equal(["a.png"]);
    });

    it("exits 3 where the storage refuses", async () => {
      const status = { code: "PERMISSION_DENIED", message: "not this bucket" } as const;
      admin().setFaults([{ service: "storage", status }]);
      await files({ "a.png": png });
      const result = await annotate(["a.png"]);
      expect(result.code, result.stderr).to.equal(3);
      expect(admin().submits()).to.deep.equal([]);
    });

    it("takes a list from stdin, and globs and folders in the bucket", async () => {
      await emulator.put("gs://inputs/a.png", png);
      await emulator.put("gs://inputs/deep/b.png", png);
      await emulator.put("gs://inputs/c.bin", pdf);
      await files({ "local.png": png });
      const listed = await annotate(["--from", "-"], "gs://inputs/a.png\r\n\nlocal.png\n");
      expect(brief(listed), listed.stderr).to.deep.equal([
        ["gs://inputs/a.png", "succeeded"],
        ["local.png", "succeeded"],
      ]);
      const globbed = await annotate(["gs://inputs/**/*.png"]);
      expect(brief(globbed).map(([input]) => input)).to.deep.equal([
        "gs://inputs/a.png",
        "gs://inputs/deep/b.png",
      ]);
      const below = await annotate(["gs://inputs/"]);
      expect(brief(below).map(([input]) => input)).to.deep.equal([
        "gs://inputs/a.png",
        "gs://inputs/c.bin",
        "gs://inputs/deep/b.png",
      ]);
      expect(byIndex(below)[1]?.pages).to.have.length(2);
    });

    it("takes local globs and folders, and leaves out of folders what is no image", async () => {
      await files({ "in/a.png": png, "in/b.png": `${png}b`, "in/notes.txt": "text" });
      expect(brief(await annotate(["in/*.png"]))).to.deep.equal([
        ["in/a.png", "succeeded"],
        ["in/b.png", "succeeded"],
      ]);
      const below = await annotate(["in"]);
      expect(below.code, below.stderr).to.equal(0);
      expect(lines(below)).to.have.length(2);
      expect(below.stderr).to.contain("in/notes.txt");
    });

    it("annotates what is given twice twice, and says so", async () => {
      await files({ "a.png": png });
      const result = await annotate(["a.png", "a.png"]);
      expect(brief(result)).to.deep.equal([
        ["a.png", "succeeded"],
        ["a.png", "succeeded"],
      ]);
      expect(result.stderr).to.contain("billed");
    });

    it("writes a file that appears only when it is complete", async () => {
      await files({ "a.png": png });
      const result = await annotate(["a.png", "--out", "records.ndjson"]);
      expect(result.code, result.stderr).to.equal(0);
      expect(result.stdout).to.equal("");
      expect(await readFile(join(folder, "records.ndjson"), "utf8")).to.match(/^\{.*\}\n$/);
      admin().setFaults([
        {
          service: "storage",
          method: "objects.list",
          // The first list is the check of the output.
          nth: Array.from({ length: 20 }, (_, index) => index + 2),
          status: { code: "PERMISSION_DENIED", message: "no" },
        },
      ]);
      const failed = await annotate(["a.png", "--out", "late.ndjson"]);
      expect(failed.code, failed.stderr).to.equal(3);
      const names = await readdir(folder);
      expect(names).to.include("records.ndjson");
      expect(names.filter((name) => name.startsWith("late"))).to.deep.equal([]);
      admin().setFaults([]);
      const gone = await goOn(failed);
      expect(gone.code, gone.stderr).to.equal(0);
      expect((await readdir(folder)).sort()).to.deep.equal([
        ...["a.png", "late.ndjson", "records.ndjson"],
      ]);
    });

    it("lets no text of an image or name of a file reach the terminal as it is", async () => {
      const name = "bad\u001b[31m\u202e.png";
      await files({ [name]: png, "hostile.png": png });
      const result = await annotate([name, "hostile.png"]);
      expect(result.code, result.stderr).to.equal(1);
      expect(result.stdout + result.stderr).to.match(/^[\n\x20-\x7e]*$/);
      const [bad, hostile] = byIndex(result);
      expect(bad?.input).to.equal(name);
      const found = hostile?.response?.fullTextAnnotation?.text;
      expect(found).to.equal("\u001b[2J\u009b31m\u202eevil\u0007");
    });

    it("runs on an emulator of its own", async () => {
      await files({ "a.png": png, "recorded/index.json": JSON.stringify(recordings) });
      const result = await runCli(
        [
          "annotate",
          "a.png",
          "--features",
          "LABEL_DETECTION",
          "--output",
          "gs://out/",
          "--emulator-recorded",
          "recorded",
        ],
        { cwd: folder },
      );
      expect(brief(result), result.stderr).to.deep.equal([["a.png", "succeeded"]]);
    });
  });

  describe("when it is interrupted", () => {
    async function interrupted(args: readonly string[]) {
      admin().holdOperations(true);
      await files({ "a.png": png });
      const running = startCli(["annotate", "a.png", ...job, ...args], options());
      await until(() => admin().operations().length === 1 && admin().calls("GetOperation") > 0);
      running.child.kill("SIGINT");
      return running;
    }

    it("leaves operations running and says how to go on, and another process does", async () => {
      const result = await (await interrupted([])).ended;
      const { code, stderr, stdout } = result;
      expect(code, stderr).to.equal(130);
      expect(stdout).to.equal("");
      const [{ name, cancels } = { name: "", cancels: -1 }] = admin().operations();
      expect(cancels).to.equal(0);
      expect(stderr).to.contain(`still running: ${name}`);
      expect((await runCli(["status", name], options())).stdout).to.contain('"state":"running"');
      admin().holdOperations(false);
      admin().releaseOperation();
      const waited = await runCli(["wait", name], options());
      expect(waited.code, waited.stderr).to.equal(0);
      const gone = await goOn(result);
      expect(gone.code, gone.stderr).to.equal(0);
      expect(brief(gone)).to.deep.equal([["a.png", "succeeded"]]);
      expect(admin().submits()).to.have.length(1);
      expect(await readdir(folder)).to.deep.equal(["a.png"]);
      const read = await runCli(["results", "gs://out/results/"], options());
      expect(lines(read).map(({ status }) => status)).to.deep.equal(["succeeded"]);
    });

    it("cancels operations when it is told to, and writes what became of the inputs", async () => {
      const result = await (await interrupted(["--on-interrupt", "cancel"])).ended;
      expect(result.code, result.stderr).to.equal(130);
      expect(admin().operations()[0]).to.include({ state: "CANCELLED", cancels: 1 });
      expect(brief(result)).to.deep.equal([["a.png", "missing"]]);
    });

    it("ends at once when it is interrupted again", async () => {
      admin().setFaults([{ method: "CancelOperation", delayMs: 60_000 }]);
      const running = await interrupted(["--on-interrupt", "cancel"]);
      await until(() => admin().calls("CancelOperation") === 1);
      running.child.kill("SIGINT");
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(130);
      expect(stderr).to.contain(admin().operations()[0]?.name);
    });

    it("leaves no draft and no emulator behind when it ends at once", async () => {
      await files({ "a.png": png, "tmp/x": "", "recorded/index.json": "[]" });
      const args = ["annotate", "--from", "-", ...job, "--emulator", "--out", "records"];
      const env = { TMPDIR: join(folder, "tmp") };
      const running = startCli(args, { cwd: folder, env, keepStdin: true });
      const parts = async () => (await readdir(folder)).filter((name) => name.endsWith(".part"));
      await until(async () => (await parts()).length === 1);
      expect(await readdir(join(folder, "tmp"))).to.have.length(2);
      running.child.kill("SIGINT");
      // Two of the same kind may arrive as one.
      running.child.kill("SIGTERM");
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(130);
      expect(await parts()).to.deep.equal([]);
      expect(await readdir(join(folder, "tmp"))).to.deep.equal(["x"]);
    });

    it("ends while it waits for a list", async () => {
      const running = startCli(["annotate", "--from", "-", ...job, "--out", "records"], {
        ...options(),
        keepStdin: true,
      });
      await until(async () => (await readdir(folder)).length === 1);
      running.child.kill("SIGINT");
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(130);
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it("stops submitting, and prints the tokens of what was accepted meanwhile", async () => {
      admin().setFaults([
        { method: "AsyncBatchAnnotateImages", when: "afterAcceptance", delayMs: 500 },
      ]);
      await files({ "a.png": png });
      const running = startCli(["submit", "a.png", ...job], options());
      await until(() => admin().submits().length === 1);
      running.child.kill("SIGINT");
      const result = await running.ended;
      expect(result.code, result.stderr).to.equal(130);
      expect(result.stdout).to.contain(admin().operations()[0]?.name);
    });
  });

  describe("whose reader leaves", () => {
    const secondLate = (method: string) =>
      admin().setFaults([{ method, nth: 2, when: "afterAcceptance", delayMs: 1000 }]);

    it("submits no more, tells what was accepted on stderr, and exits 3", async () => {
      admin().setFaults([
        { method: "AsyncBatchAnnotateFiles", when: "afterAcceptance", delayMs: 1000 },
      ]);
      await files({ "a.png": png, "b.pdf": pdf });
      const running = startCli(["submit", "a.png", "b.pdf", ...job], options());
      await running.says("operations/");
      running.child.stdout?.destroy();
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(3);
      const names = admin()
        .operations()
        .map(({ name }) => name);
      expect(names).to.have.length(2);
      expect(stderr).to.contain(names[1]).and.not.contain(names[0]);
    });

    it("cancels all the same, and says on stderr what became of it", async () => {
      admin().holdOperations(true);
      await files({ "a.png": png, "b.pdf": pdf });
      const { stdout } = await runCli(["submit", "a.png", "b.pdf", ...job], options());
      secondLate("CancelOperation");
      const running = startCli(["cancel", "-"], options({ stdin: stdout }));
      await running.says("requested");
      running.child.stdout?.destroy();
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(3);
      expect(stderr).to.contain('"outcome":"requested"');
      expect(
        admin()
          .operations()
          .map(({ cancels }) => cancels),
      ).to.deep.equal([1, 1]);
    });

    it("ends as it should where nothing is lost by it", async () => {
      await files({ "a.png": png });
      await annotate(["a.png"]);
      const running = startCli(["results", "gs://out/"], options());
      running.child.stdout?.destroy();
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(0);
    });
  });

  describe("submit, wait, cancel and results", () => {
    it("have no emulator of their own for submits that it would not outlive", async () => {
      await files({ "a.png": png });
      const result = await runCli(["submit", "a.png", ...job, "--emulator"], options());
      expect(result.code, result.stderr).to.equal(2);
      expect(result.stderr).to.contain("would end with this process");
    });

    it("hand operations on by tokens", async () => {
      await files({ "a.png": png, "b.pdf": pdf });
      const submitted = await runCli(["submit", "a.png", "b.pdf", ...job], options());
      expect(submitted.code, submitted.stderr).to.equal(0);
      const tokens = submitted.stdout.trimEnd().split("\n");
      expect(tokens).to.have.length(2);
      const waited = await runCli(["wait", "-"], options({ stdin: submitted.stdout }));
      expect(waited.code, waited.stderr).to.equal(0);
      expect(waited.stdout.match(/"state":"succeeded"/g)).to.have.length(2);
      const outputs = tokens.map((token) => (JSON.parse(token) as { output: string }).output);
      const read = await runCli(["results", ...outputs], options());
      expect(read.code, read.stderr).to.equal(0);
      const found = lines(read)
        .map(({ uri, pages }) => [uri.slice(-5), pages?.length])
        .sort();
      expect(found).to.deep.equal([
        ["a.png", undefined],
        ["b.pdf", 2],
      ]);
    });

    it("go on with the others where one operation is not known", async () => {
      admin().holdOperations(true);
      await files({ "a.png": png });
      const { stdout } = await runCli(["submit", "a.png", ...job], options());
      for (const [command, expected] of [
        ["status", '"state":"running"'],
        ["cancel", '"outcome":"requested"'],
      ] as const) {
        const result = await runCli([command, "projects/p/operations/none", stdout], options());
        expect(result.code, result.stderr).to.equal(3);
        expect(result.stderr).to.contain("NOT_FOUND");
        expect(result.stdout).to.contain(expected);
      }
    });

    it("results reads once what lies below two of its prefixes", async () => {
      await files({ "a.png": png });
      await annotate(["a.png"]);
      const read = await runCli(["results", "gs://out/", "gs://out/results/"], options());
      expect(read.code, read.stderr).to.equal(0);
      expect(lines(read)).to.have.length(1);
    });

    it("exit 3 for an operation that failed, and 2 for what is none", async () => {
      const status = { code: "INTERNAL", message: "broken inside" } as const;
      admin().setFaults([{ method: "AsyncBatchAnnotateImages", when: "operation", status }]);
      await files({ "a.png": png });
      const { stdout } = await runCli(["submit", "a.png", ...job], options());
      const waited = await runCli(["wait", stdout], options());
      expect(waited.code, waited.stderr).to.equal(3);
      expect(waited.stdout).to.contain("broken inside");
      const wrong = await runCli(["wait", "not a name"], options());
      expect(wrong.code, wrong.stderr).to.equal(2);
      const none = await runCli(["results", "gs://out/nothing/"], options());
      expect(none.code, none.stderr).to.equal(2);
    });

    it("cancel asks the service", async () => {
      admin().holdOperations(true);
      await files({ "a.png": png });
      const { stdout } = await runCli(["submit", "a.png", ...job], options());
      const cancelled = await runCli(["cancel", "-"], options({ stdin: stdout }));
      expect(cancelled.code, cancelled.stderr).to.equal(0);
      expect(cancelled.stdout).to.contain('"outcome":"requested"');
      expect(admin().operations()[0]?.cancels).to.equal(1);
    });
  });

  describe("emulator", () => {
    it("says where it listens, serves, and ends cleanly on SIGTERM", async () => {
      await files({ "a.png": png, "recorded/index.json": JSON.stringify(recordings) });
      const args = ["emulator", "--recorded", "recorded", "--recorded-for", "all", "--no-cancel"];
      const running = startCli(args, { cwd: folder });
      await running.says("\n");
      const child = running.child;
      const seen = new Promise<string>((resolve) => {
        void running.ended.then(({ stdout }) => {
          resolve(stdout);
        });
      });
      child.kill("SIGTERM");
      const { code, stderr } = await running.ended;
      expect(code, stderr).to.equal(0);
      const announced = JSON.parse(await seen) as Record<string, string>;
      expect(announced).to.have.keys("event", "grpc", "http");
      expect(announced["event"]).to.equal("listening");
    });

    it("refuses options and rules that cannot be", async () => {
      await files({ "faults.json": '[{"metod":"GetOperation"}]' });
      for (const args of [
        ["--grpc-port", "x"],
        ["--faults", "faults.json"],
      ]) {
        const { code, stderr } = await runCli(["emulator", ...args], { cwd: folder });
        expect(code, stderr).to.equal(2);
      }
    });
  });
});
