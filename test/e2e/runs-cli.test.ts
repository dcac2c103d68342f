import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCli, startCli, type CliResult, type RunningCli } from "../cli/spawn-cli.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";

const recordings = [
  { uri: "gs://**/bad*", response: { error: { code: 3, message: "Bad image data." } } },
  { uri: "gs://**", response: { labelAnnotations: [{ description: "cat" }] } },
];

interface Line {
  readonly index: number;
  readonly input: string;
  readonly status: string;
}

const records = ({ stdout }: CliResult): readonly Line[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => a.index - b.index);

const names = (count: number, name = "a") =>
  Array.from({ length: count }, (_, index) => `gs://inputs/${name}${index}.png`);

describe("vision-batch runs", () => {
  let test: TestEmulator;
  let folder: string;
  const started: RunningCli[] = [];

  before(async () => {
    test = await TestEmulator.start({ recordings });
  });

  beforeEach(async () => {
    await test.emulator.admin.reset();
    folder = await mkdtemp(join(tmpdir(), "vision-batch-runs-cli-"));
  });

  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  after(() => test.close());

  const admin = () => test.emulator.admin;
  const options = (stdin = "") => ({
    cwd: folder,
    env: { VISION_EMULATOR_HOST: test.emulator.grpc, VISION_EMULATOR_HTTP: test.emulator.http },
    stdin,
  });
  const runs = (args: readonly string[], stdin?: string) =>
    runCli(["runs", ...args], options(stdin));

  /** Requests of two images each; every test writes to a folder of its own. */
  const plan = (id: string) => [
    ...["start", "--from", "-", "--images", "--images-per-request", "2", "--run-id", id],
    ...["--features", "LABEL_DETECTION", "--output", `gs://out/${id}`],
  ];
  const start = (id: string, ...more: readonly string[]) => [...plan(id), "--lease", "1", ...more];
  const begin = (args: readonly string[], stdin: string): RunningCli => {
    const running = startCli(["runs", ...args], options(stdin));
    started.push(running);
    return running;
  };
  const release = (): void => {
    admin().holdOperations(false);
    while (admin().releaseOperation());
  };

  it("goes on after a kill where it was, and explains what happened and what it cost", async () => {
    admin().holdOperations(true);
    const inputs = [...names(5), "gs://inputs/bad.png"];
    const killed = begin(start("kill"), inputs.join("\n"));
    await until(() => admin().submits().length === 3);
    killed.child.kill("SIGKILL");
    await killed.ended;
    release();
    const resumed = await runs(["resume", "kill", "--out", "-"]);
    expect(resumed.code, resumed.stderr).to.equal(1);
    expect(records(resumed).map(({ input, status }) => [input, status])).to.deep.equal([
      ...names(5).map((name) => [name, "succeeded"]),
      ["gs://inputs/bad.png", "failed"],
    ]);
    expect(resumed.stderr).to.match(
      /inputs +6\n +succeeded +5\n +failed +1\nrequests succeeded +3/,
    );
    expect(admin().submits()).to.have.length(3);

    const run = await runs(["show", "kill", "--events"]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("run kill: done").and.contain("6: 5 succeeded, 1 failed, 0 open");
    expect(run.stdout).to.contain("price: USD 0.00");
    const input = await runs(["show", "kill", "--input", "gs://inputs/bad.png"]);
    expect(input.stdout).to.contain("input 5: gs://inputs/bad.png");
    expect(input.stdout).to.contain("in chunk 2, place 1 of its request: failed");
    expect(input.stdout).to.contain("results under gs://out/kill/kill/000002/1/");
    expect(input.stdout).to.contain("billed: 2 images");
    const chunk = await runs(["show", "kill", "--chunk", "2", "--json"]);
    const story = JSON.parse(chunk.stdout) as {
      readonly attempts: readonly { readonly operation: { readonly name: string } }[];
      readonly events: readonly { readonly type: string }[];
    };
    const operations = admin().operations();
    expect(operations.map(({ name }) => name)).to.include(story.attempts[0]?.operation.name);
    expect(story.events.map(({ type }) => type)).to.include.members(["submitting", "ended"]);
    const listed = await runs(["list"]);
    expect(listed.stdout).to.match(/kill +done +6 +0 +1 +USD 0\.00/);
  });

  it("finishes its writes on SIGTERM and says how to go on, at once and in another process", async () => {
    admin().holdOperations(true);
    // A lease that nobody could wait for.
    const stopped = begin(start("stop", "--lease", "600"), names(4).join("\n"));
    await until(() => admin().calls("GetOperation") >= 2);
    stopped.child.kill("SIGTERM");
    const { code, stderr } = await stopped.ended;
    expect(code, stderr).to.equal(130);
    expect(stderr).to.contain("still running: ");
    expect(stderr).to.contain("go on with: vision-batch runs resume stop\n");
    release();
    const resumed = await runs(["resume", "stop", "--out", "records"]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect((await readFile(join(folder, "records"), "utf8")).split("\n")).to.have.length(5);
    expect(admin().submits()).to.have.length(2);
  });

  it("goes on with what annotate had begun when it was killed, and leaves nothing behind", async () => {
    admin().holdOperations(true);
    await writeFile(join(folder, "a.png"), "\x89PNG\r\n\x1a\n", "latin1");
    const job = ["--features", "LABEL_DETECTION", "--output", "gs://out/cut", "--lease", "1"];
    const killed = startCli(["annotate", "a.png", ...job], options());
    started.push(killed);
    await killed.says("--remove-journal\n");
    await until(() => admin().submits().length === 1);
    killed.child.kill("SIGKILL");
    const { stderr, stdout } = await killed.ended;
    expect(stdout).to.equal("");
    release();
    const [, command = ""] = /if this is cut off, go on with: vision-batch (.*)/.exec(stderr) ?? [];
    const resumed = await runCli(command.split(" "), options());
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(records(resumed).map(({ input, status }) => [input, status])).to.deep.equal([
      ["a.png", "succeeded"],
    ]);
    expect(admin().submits()).to.have.length(1);
    expect(await readdir(folder)).to.deep.equal(["a.png"]);
  });

  it("leaves at once on a second Ctrl-C", async () => {
    admin().setFaults([
      { method: "AsyncBatchAnnotateImages", when: "afterAcceptance", delayMs: 60_000 },
    ]);
    const running = begin(start("twice"), names(2).join("\n"));
    await until(() => admin().submits().length === 1);
    running.child.kill("SIGINT");
    // Two of the same kind may arrive as one.
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    expect(code, stderr).to.equal(130);
    expect(stderr).to.contain("go on with: vision-batch runs resume twice");
  });

  it("tells what a run would do, and writes and sends nothing", async () => {
    await writeFile(join(folder, "local.pdf"), "%PDF-1.7");
    const job = ["plan", "local.pdf", "--from", "-", "--by-name", "--output", "gs://plan/x"];
    const args = [...job, "--features", "LABEL_DETECTION", "--images-per-request", "1000"];
    const table = await runs([...args, "--units-before", "1000"], names(2500).join("\n"));
    expect(table.code, table.stderr).to.equal(0);
    expect(table.stdout).to.match(/images +2500\n +documents +1\nrequests \(operations\) +4/);
    expect(table.stdout).to.match(/result shards +125\ntime at least +0 s\nprice +USD 3\.75/);
    expect(table.stdout).to.contain("pages of documents are not known");
    const assumed = ["--pages-per-file", "40", "--operation-seconds", "60", "--json"];
    const json = await runs([...args, ...assumed], names(2500).join("\n"));
    expect(JSON.parse(json.stdout)).to.deep.include({
      inputs: 2501,
      shards: 127,
      atLeastMs: 60_000,
    });
    expect(await readdir(folder)).to.deep.equal(["local.pdf"]);
    expect(await readdir(test.emulator.directory)).not.to.include("plan");
    expect(admin().submits()).to.deep.equal([]);
  });

  it("sends again what failed, and only that", async () => {
    const status = { code: "INTERNAL", message: "Broken." } as const;
    admin().setFaults([{ method: "AsyncBatchAnnotateImages", nth: 2, when: "operation", status }]);
    const failed = await runs(start("retry"), names(4).join("\n"));
    expect(failed.code, failed.stderr).to.equal(3);
    expect(failed.stderr).to.match(/missing +2/);
    const retried = await runs(["retry", "retry", "--out", "-"]);
    expect(retried.code, retried.stderr).to.equal(0);
    expect(retried.stderr).to.contain("2 inputs are sent again, in 1 requests");
    expect(records(retried).map(({ input }) => input)).to.deep.equal(names(4));
    expect(admin().submits()).to.have.length(3);
    const again = await runs(["retry", "retry"]);
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stderr).to.contain("nothing to send again");
    const exported = await runs(["results", "retry", "--format", "csv"]);
    expect(exported.code, exported.stderr).to.equal(0);
    expect(exported.stdout).to.contain("cat");
  });

  it("is watched, paused, resumed and cancelled from other processes", async () => {
    admin().holdOperations(true);
    const working = begin(start("far", "--max-images", "2"), names(6).join("\n"));
    await until(() => admin().submits().length === 1);
    const watching = begin(["watch", "far"], "");
    await watching.says("0 of 3 requests ended");
    const paused = await runs(["pause", "far"]);
    expect(paused.code, paused.stderr).to.equal(0);
    release();
    const { code, stderr } = await working.ended;
    expect(code, stderr).to.equal(130);
    expect(stderr).to.contain("not submitted: 4 inputs");
    const partial = await runs(["results", "far"]);
    expect(partial.code, partial.stderr).to.equal(1);
    expect(records(partial).map(({ input }) => input)).to.deep.equal(names(2));
    const cancelled = await runs(["cancel", "far"]);
    expect(cancelled.code, cancelled.stderr).to.equal(0);
    const watched = await watching.ended;
    expect(watched.code, watched.stderr).to.equal(130);
    expect(watched.stderr).to.match(/succeeded +2\n +not submitted +4/);
    const removed = await runs(["remove", "far", "--objects"]);
    expect(removed.stderr).to.contain("run far is forgotten, and 1 objects are deleted");
    expect((await runs(["list", "--json"])).stdout).to.equal("");
  });

  it("plans, goes on, sends again and cancels without working on it, which is left to others", async () => {
    const inputs = [...names(3), "gs://inputs/bad.png"];
    const planned = await runs([...plan("left"), "--no-work"], inputs.join("\n"));
    expect(planned.code, planned.stderr).to.equal(0);
    expect(planned.stderr)
      .to.contain("run left is running: 4 of 4 inputs open, 2 requests in all\n")
      .and.contain("left to others; see how far they come by: vision-batch runs watch left\n");
    const watching = begin(["watch", "left"], "");
    await watching.says("0 of 2 requests ended");
    const again = await runs(["resume", "left", "--no-work"]);
    expect(again.code, again.stderr).to.equal(0);
    expect(admin().submits()).to.deep.equal([]);
    const worked = await runs(["resume", "left"]);
    expect(worked.code, worked.stderr).to.equal(1);
    const watched = await watching.ended;
    expect(watched.code, watched.stderr).to.equal(1);
    expect(watched.stderr).to.match(/succeeded +3\n +failed +1/);

    const retried = await runs(["retry", "left", "--no-work"]);
    expect(retried.code, retried.stderr).to.equal(0);
    expect(retried.stderr).to.contain("run left is running: 1 of 4 inputs open, 3 requests in all");
    const cancelled = await runs(["cancel", "left", "--no-work"]);
    expect(cancelled.code, cancelled.stderr).to.equal(0);
    expect(cancelled.stderr).to.contain("run left is cancel");
    expect(admin().submits()).to.have.length(2);
  });

  it("refuses another run of the same name with the difference", async () => {
    const first = await runs(start("same"), names(2).join("\n"));
    expect(first.code, first.stderr).to.equal(0);
    for (const [args, stdin, message] of [
      [start("same"), names(2, "b").join("\n"), "inputs[0] was"],
      [
        start("same", "--batch-size", "5"),
        names(2).join("\n"),
        "batchSize was absent and is now 5",
      ],
    ] as const) {
      const { code, stderr } = await runs(args, stdin);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.contain(message);
    }
    const same = await runs(start("same"), names(2).join("\n"));
    expect(same.code, same.stderr).to.equal(0);
    expect(admin().submits()).to.have.length(1);
    expect((await readdir(folder)).sort()).to.deep.equal(["vision-batch-runs.db"]);
  });

  it("refuses what is not there, and options that cannot be", async () => {
    const first = await runs(start("there"), names(1).join("\n"));
    expect(first.code, first.stderr).to.equal(0);
    for (const [args, message] of [
      [["resume", "other"], "there is no run other in the journal"],
      [["list", "--journal", "sqlite:none.db"], "there is no such file"],
      [
        ["resume", "there", "--remove-journal", "--journal", "postgres://me:secret@host/runs"],
        "--remove-journal deletes a file",
      ],
      [["show", "there", "--chunk", "7"], "has no chunk 7"],
      [["show", "there", "--input", "none.png"], "has no input none.png"],
      [["decide", "there", "0", "fail"], "is not one whose submit is of unknown fate"],
      [start("new", "--max-images", "many"), "--max-images many: expected a whole number"],
      [start("new", "--emulator"), "would end with this process"],
      [start("new", "--no-work"), "--lease does not go with --no-work"],
      [["resume", "there", "--no-work", "--out", "-"], "--out does not go with --no-work"],
    ] as const) {
      const { code, stderr } = await runs(args);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.contain(message);
    }
    expect(admin().submits()).to.have.length(1);
  });
});
