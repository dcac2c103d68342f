import { expect } from "chai";
import type { EmulatorClock } from "../../../src/emulator/index.ts";
import { TestEmulator, until } from "../../fixtures/emulator.ts";
import { evidence, objectsIn, recordings, ReportFolder } from "./live-run.ts";

type Options = NonNullable<Parameters<typeof TestEmulator.start>[0]>;

describe("a run of npm run live", () => {
  let folder: ReportFolder;
  let emulator: TestEmulator;

  beforeEach(async () => {
    folder = await ReportFolder.make();
  });

  afterEach(async () => {
    await emulator.close();
    await folder.remove();
  });

  async function start(options: Options = {}): Promise<TestEmulator> {
    emulator = await TestEmulator.start({ recordings, ...options });
    return emulator;
  }

  /** An emulator whose images are worked on for as long as a condition does not hold. */
  function startSlow(isWorked: () => boolean, options: Options = {}): Promise<TestEmulator> {
    return start({ ...options, processingMsPerImage: 1, clock: clockUntil(isWorked) });
  }

  it("sees the shards that are there while the operation runs", async () => {
    let readsBefore = 0;
    const { admin } = (
      await startSlow(() => {
        const reads = emulator.emulator.admin.calls("GetOperation");
        // Three reads begin after the shard before was written: the script has listed it between two.
        if (reads < readsBefore + 3) return false;
        readsBefore = reads;
        return true;
      })
    ).emulator;
    const { code, report } = await folder.run(emulator.emulator, ["--only", "shard-times"]);
    expect(code).to.equal(0);
    const { sightings } = evidence(report, "shard-times");
    expect(sightings.slice(0, 2).map(({ name, seen }) => [name, seen])).to.deep.equal([
      ["output-1-to-5.json", "whileRunning"],
      ["output-6-to-10.json", "whileRunning"],
    ]);
    expect(sightings).to.have.length(3);
    expect(report.facts["shard-times"]?.observed).to.match(/^while it runs: [23] of 3 shards/);
    expect(admin.submits()).to.have.length(1);
    expect(report.unitsAtMost).to.equal(12);
  });

  it("cancels an operation that runs", async () => {
    await startSlow(() => false);
    const { code, report } = await folder.run(emulator.emulator, ["--only", "cancel-operation"]);
    expect(code).to.equal(0);
    expect(evidence(report, "cancel-operation")).to.deep.include({
      end: "cancelled",
      code: "CANCELLED",
    });
    expect(evidence(report, "cancel-operation").answer.code).to.equal("OK");
  });

  it("reports that a cancel is not offered, and how the operation ends then", async () => {
    const asked = (): boolean => emulator.emulator.admin.calls("CancelOperation") >= 2;
    await startSlow(asked, { cancelSupported: false });
    const { report } = await folder.run(emulator.emulator, ["--only", "cancel-operation"]);
    expect(report.facts["cancel-operation"]?.observed).to.equal(
      "UNIMPLEMENTED; the client calls it unsupported; the operation ended: succeeded",
    );
  });

  it("goes on when a question fails, and says which and why without steering the terminal", async () => {
    const status = { code: "INTERNAL", message: "no \u001b[31mfiles\u001b[0m today" } as const;
    await start({ faults: [{ method: "AsyncBatchAnnotateFiles", status }] });
    const only = ["--only", "file-errors,prefix-without-slash,image-errors"];
    const { code, report, stdout } = await folder.run(emulator.emulator, only);
    expect(code).to.equal(1);
    const settled = Object.entries(report.facts).map(([key, fact]) => [key, fact.settled]);
    expect(settled).to.deep.equal([
      ["prefix-without-slash", true],
      ["image-errors", true],
      ["file-errors", false],
    ]);
    expect(report.facts["file-errors"]?.observed).to.include("INTERNAL");
    expect(evidence(report, "file-errors").error).to.include({
      code: "INTERNAL",
    });
    expect(stdout)
      .to.include("file-errors")
      .and.include("\\x1b[31mfiles")
      .and.not.include("\u001b");
  });

  it("asks about an image that may not be read where one is named", async () => {
    const error = { code: 7, message: "no access" };
    await start({
      recordings: [{ uri: "gs://theirs/secret.png", response: { error } }, ...recordings],
    });
    const args = ["--only", "image-errors", "--forbidden", "gs://theirs/secret.png"];
    const { report } = await folder.run(emulator.emulator, args);
    const { statuses } = evidence(report, "image-errors");
    expect(statuses).to.have.length(5);
    expect(statuses[4]).to.include({ image: "forbidden", code: "PERMISSION_DENIED" });
  });

  it("gives an operation up that takes too long, and says that it goes on", async () => {
    await start();
    emulator.emulator.admin.holdOperations(true);
    const args = ["--only", "prefix-without-slash", "--wait-minutes", "0.001"];
    const { code, report, stderr } = await folder.run(emulator.emulator, args);
    expect(code).to.equal(1);
    expect(report.facts["prefix-without-slash"]?.observed).to.include("not done after 60 ms");
    expect(report.operations[0]).not.to.have.property("seenDoneAt");
    expect(stderr).to.include("1 operations were not seen to end");
  });

  it("writes the report and cleans up when it is stopped", async () => {
    await start();
    const { admin } = emulator.emulator;
    admin.holdOperations(true);
    const stop = new AbortController();
    const running = folder.run(emulator.emulator, [], stop.signal);
    await until(() => admin.submits().length >= 8);
    expect(await objectsIn(emulator.emulator)).not.to.deep.equal([]);
    stop.abort(new Error("stopped by a person"));
    const { code, report, stdout } = await running;
    expect(code).to.equal(1);
    expect(stdout).to.include("stopped by a person");
    for (const [key, fact] of Object.entries(report.facts)) {
      if (key !== "refused-sources") expect(fact.settled, key).to.equal(false);
    }
    const accepted = admin.submits().map(({ operationName }) => operationName);
    expect(accepted).to.include.members(report.operations.map(({ name }) => name));
    expect(await objectsIn(emulator.emulator)).to.deep.equal([]);
  });

  it("leaves what it wrote where it is told to", async () => {
    await start();
    const args = ["--only", "prefix-without-slash", "--keep"];
    const { report } = await folder.run(emulator.emulator, args);
    expect(report.cleanUp).to.deep.equal({ kept: true, deleted: 0 });
    expect(await objectsIn(emulator.emulator)).to.include.members([
      `${report.prefix}inputs/picture.png`,
      `${report.prefix}output/no-slash/partoutput-1-to-1.json`,
    ]);
  });

  it("sends nothing that is billed when the inputs cannot be staged", async () => {
    await start({ createBuckets: false });
    const { code, report, stderr } = await folder.run(emulator.emulator);
    expect(code).to.equal(1);
    expect(stderr).to.include("live-bucket");
    expect(report.facts).to.deep.equal({});
    expect(emulator.emulator.admin.submits()).to.deep.equal([]);
  });
});

/** Time in which the work of an image takes until a condition holds. */
function clockUntil(condition: () => boolean): EmulatorClock {
  // Its time is what was slept by it, however long that took.
  let nowMs = Date.now();
  return {
    now: () => nowMs,
    sleep: async (ms, signal) => {
      await until(() => signal?.aborted === true || condition());
      signal?.throwIfAborted();
      nowMs += ms;
    },
  };
}
