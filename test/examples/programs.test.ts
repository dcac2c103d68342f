import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root, type ExampleEnd } from "./example-process.ts";

const [one, two] = ["gs://my-bucket/scans/1.png", "gs://my-bucket/scans/2.png"];

describe("the programs of examples/", () => {
  let emulator: TestEmulator;

  before(async () => {
    const response = { fullTextAnnotation: { text: "total 42" } };
    emulator = await TestEmulator.start({ recordings: [{ uri: "*", response }] });
  });

  after(async () => {
    await emulator.close();
  });

  function run(args: readonly string[], stdin = ""): Promise<ExampleEnd> {
    return new ExampleProcess(args, emulator.emulator, { stdin }).ended;
  }

  it("annotate-images.ts prints the text of each image and the counts", async () => {
    const args = ["examples/annotate-images.ts", "gs://my-bucket/monday/", one, two];
    const { code, stdout, stderr } = await run(args);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(stdout).to.contain(`${one}: "total 42"`).and.contain(`${two}: "total 42"`);
    expect(stdout).to.contain("succeeded: 2");
  });

  it("annotate-images.ts says how it is used", async () => {
    const { code, stderr } = await run(["examples/annotate-images.ts"]);
    expect(stderr).to.contain("usage:");
    expect(code).to.equal(2);
  });

  it("annotate-now.ts prints the text of images and pages, and goes on after what it cannot read", async () => {
    const receipt = "examples/inputs/receipt.png";
    const report = "examples/inputs/report.pdf";
    const inputs = [receipt, report, "missing.png", one];
    const { code, stdout, stderr } = await run(["examples/annotate-now.ts", ...inputs]);
    expect(stdout.split("\n")).to.deep.equal([
      `${receipt}: "total 42"`,
      `${one}: "total 42"`,
      ...[1, 2, 3].map((page) => `${report}, page ${page}: "total 42"`),
      "",
    ]);
    expect(stderr).to.match(/^missing\.png: .*ENOENT.*\n$/);
    expect(code).to.equal(0);
  });

  it("searchable-pdf.ts makes a PDF of the pictures and their text, and says what it lacks", async () => {
    const scans = join(emulator.emulator.directory, "my-bucket/scans");
    await mkdir(scans, { recursive: true });
    await copyFile(join(root, "examples/inputs/receipt.png"), join(scans, "1.png"));
    await copyFile(join(root, "examples/inputs/notice.gif"), join(scans, "2.png"));
    const prefix = "gs://my-bucket/pdf/";
    await run(["examples/annotate-images.ts", prefix, one, two]);
    const file = join(emulator.emulator.directory, "found.pdf");
    const { code, stderr } = await run(["examples/searchable-pdf.ts", prefix, file]);
    expect(stderr).to.match(/2\.png is neither a JPEG nor a PNG nor a PDF\n.*2\.png.*neither/);
    expect(code).to.equal(0);
    expect(await readFile(file, "latin1"))
      .to.match(/^%PDF-/)
      .and.contain("/Count 1");
  });

  it("batch-script.ts annotates, and sends nothing again when it is started again", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "vision-batch-example-"));
    const args = [join(root, "examples/batch-script.ts"), "gs://my-bucket/batch/", one, two];
    const submits = emulator.emulator.admin.submits().length;
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await new ExampleProcess(args, emulator.emulator, { cwd })
        .ended;
      expect(stderr).to.equal("");
      const records = [one, two].map((uri) => ({ uri, status: "succeeded", text: "total 42" }));
      expect(stdout).to.equal(records.map((each) => `${JSON.stringify(each)}\n`).join(""));
      expect(code).to.equal(0);
    }
    expect(emulator.emulator.admin.submits()).to.have.length(submits + 1);
    await rm(cwd, { recursive: true });
  });

  it("resume.ts starts in one process and finishes in another", async () => {
    const started = await run(["examples/resume.ts", "start", "gs://my-bucket/tuesday/", one]);
    expect(started).to.include({ code: 0, stderr: "" });
    expect(JSON.parse(started.stdout)).to.include({ type: "vision-batch/operation" });
    const finished = await run(["examples/resume.ts", "finish"], started.stdout);
    expect(finished.stderr).to.match(/^projects\/emulator\/operations\/\S+: succeeded$/m);
    expect(finished.stdout).to.equal(`${JSON.stringify({ uri: one, status: "succeeded" })}\n`);
    expect(finished.code).to.equal(0);
  });
});
