import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { probes } from "../../../scripts/live/probes.ts";
import type { LiveReport } from "../../../scripts/live/report.ts";
import { startEmulator, type Emulator } from "../../../src/emulator/index.ts";
import { TestEmulator } from "../../fixtures/emulator.ts";
import {
  emulatorArgs,
  evidence,
  objectsIn,
  recordings,
  ReportFolder,
  runScript,
  type ReportedRun,
} from "./live-run.ts";

const keys = probes.map(({ key }) => key);
const root = join(import.meta.dirname, "../../..");

describe("npm run live", () => {
  let folder: ReportFolder;

  beforeEach(async () => {
    folder = await ReportFolder.make();
  });

  afterEach(async () => {
    await folder.remove();
  });

  it("settles every question against an emulator that annotates", async () => {
    await using emulator = await startEmulator();
    const run = await folder.run(emulator);
    expect(run.stderr).not.to.include("not settled");
    expect(run.code).to.equal(0);
    expectWholeReport(run, emulator);
    expectShards(run.report);
    expectOperations(run.report);
    expectErrors(run.report);
    expect(run.report.cleanUp).to.deep.include({ kept: false });
    expect(await objectsIn(emulator)).to.deep.equal([]);
  });

  it("settles every question as a program, where nothing but GetOperation is offered", async () => {
    const emulator = await TestEmulator.start({
      recordings,
      ...{ cancelSupported: false, listSupported: false },
      ...{ deleteSupported: false, waitSupported: false, createBuckets: false },
    });
    try {
      await emulator.put("gs://live-bucket/not-ours", "to stay");
      const report = await runProgram(emulator.emulator, folder);
      expectNothingSupported(report);
      expectNamesUnderLocation(report);
      const [, noBucket] = evidence(report, "operation-errors");
      expect(noBucket).to.include({ outcome: "failed with NOT_FOUND" });
      expect(await objectsIn(emulator.emulator)).to.deep.equal(["gs://live-bucket/not-ours"]);
    } finally {
      await emulator.close();
    }
  });
});

describe("npm run live --check", () => {
  it("tells which operations of an earlier report are still known", async () => {
    const folder = await ReportFolder.make();
    const emulator = await TestEmulator.start({ recordings });
    try {
      const { path, report } = await folder.run(emulator.emulator, ["--only", "wait-operation"]);
      const check = async () => {
        const out = join(folder.path, "check.json");
        const args = ["--check", path, "--out", out, ...emulatorArgs(emulator.emulator)];
        const run = await runScript(args);
        expect(run.code).to.equal(0);
        const names = report.operations.map(({ name }) => name);
        for (const name of names) expect(run.stdout).to.include(name);
        const { operations } = JSON.parse(await readFile(out, "utf8")) as Checked;
        expect(operations.map(({ name }) => name)).to.deep.equal(names);
        return operations.map(({ code }) => code);
      };
      expect(await check()).to.deep.equal(["OK"]);
      await emulator.emulator.admin.reset();
      expect(await check()).to.deep.equal(["NOT_FOUND"]);

      const live = await runScript(["--check", path]);
      expect(live.code).to.equal(2);
      expect(live.stderr).to.include("made with an emulator");
    } finally {
      await emulator.close();
      await folder.remove();
    }
  });
});

interface Checked {
  readonly operations: readonly { readonly name: string; readonly code: string }[];
}

function expectWholeReport({ report, stdout }: ReportedRun, emulator: Emulator): void {
  expect(Object.keys(report.facts)).to.deep.equal(keys);
  for (const [key, fact] of Object.entries(report.facts)) {
    expect(fact, key).to.have.all.keys("question", "settled", "observed", "evidence");
    expect(stdout).to.match(new RegExp(`^${key} +\\S`, "m"));
  }
  const accepted = emulator.admin.submits().map(({ operationName }) => operationName);
  expect(report.operations.map(({ name }) => name)).to.have.members(accepted);
  for (const { purpose, seenDoneAt } of report.operations)
    expect(seenDoneAt, purpose).to.be.a("string");
  const inputs = emulator.admin.submits().reduce((sum, { inputCount }) => sum + inputCount, 0);
  // A unit is a page: the one readable document has two more of them than the file it counts as.
  expect(inputs + 2).to.be.at.most(report.unitsAtMost);
}

function expectShards(report: LiveReport): void {
  const { order, twins, joined } = evidence(report, "shard-order");
  expect(order).to.deep.include({ numbersFit: true, orderedInside: true, orderedAcross: true });
  expect(order["shards"]).to.deep.equal([
    { name: "output-1-to-5.json", first: 1, last: 5, requests: [1, 2, 3, 4, 5] },
    { name: "output-6-to-10.json", first: 6, last: 10, requests: [6, 7, 8, 9, 10] },
    { name: "output-11-to-12.json", first: 11, last: 12, requests: [11, 12] },
  ]);
  expect(twins).to.deep.equal({ requests: [3, 8], responses: 2, answered: [3, 8] });
  expect(joined["counts"]).to.deep.include({ succeeded: 12 });
  const { names } = evidence(report, "prefix-without-slash");
  expect(names).to.deep.equal(["partoutput-1-to-1.json"]);
}

function expectOperations(report: LiveReport): void {
  const metadata = evidence(report, "operation-metadata");
  expect(metadata).to.include({ repeated: true });
  const paths = [
    ["CREATED", "RUNNING", "DONE"],
    ["CREATED", "DONE"],
  ];
  expect(paths).to.deep.include(metadata.states);
  expect(metadata.fractionDigits).to.be.within(7, 9);
  expect(report.facts["operation-names"]?.observed).to.equal(
    "no parent: projects/P/operations/X; projects/p: projects/P/operations/X; Get takes no other form",
  );
  const listings = evidence(report, "list-operations");
  expect(listings.map(({ code }) => code)).to.deep.equal(["OK", "OK", "OK", "OK", "OK"]);
  expect(listings[0]).to.include({ name: "operations", hasOwn: true });
  expect(evidence(report, "delete-operation")).to.deep.include({ getAfter: "NOT_FOUND" });
  expect(evidence(report, "wait-operation").answer.code).to.equal("OK");
  const known = evidence(report, "retention");
  for (const { purpose, code } of known) {
    expect(code, purpose).to.equal(purpose === "to be deleted" ? "NOT_FOUND" : "OK");
  }
  expect(known).to.have.length(report.operations.length);
}

function expectErrors(report: LiveReport): void {
  const refused = evidence(report, "refused-sources");
  expect(refused.map(({ code }) => code)).to.deep.equal(Array(3).fill("INVALID_ARGUMENT"));
  expect(report.facts["image-errors"]?.observed).to.equal(
    "good: succeeded; missing: NOT_FOUND; broken: INVALID_ARGUMENT; document: INVALID_ARGUMENT; the operation succeeded",
  );
  expect(report.facts["operation-errors"]?.observed).to.equal(
    "every image missing: succeeded; no output bucket: succeeded",
  );
  expect(report.facts["file-errors"]?.observed).to.equal(
    "mixed: succeeded, shards good 2, missing 1, broken 1; alone: failed with NOT_FOUND, shards missing 0",
  );
}

function expectNothingSupported(report: LiveReport): void {
  const answers = (["cancel-operation", "delete-operation", "wait-operation"] as const).map(
    (key) => evidence(report, key).answer.code,
  );
  expect(answers).to.deep.equal(Array(3).fill("UNIMPLEMENTED"));
  expect(evidence(report, "cancel-operation")).to.include({ end: "succeeded" });
  expect(evidence(report, "cancel-operation").outcome).to.be.oneOf(["unsupported", "alreadyDone"]);
  expect(evidence(report, "delete-operation")).to.include({ getAfter: "OK" });
  const listings = evidence(report, "list-operations");
  for (const { code } of listings) expect(code).to.equal("UNIMPLEMENTED");
}

function expectNamesUnderLocation(report: LiveReport): void {
  const names = evidence(report, "operation-names");
  expect(names.map(({ parent, form }) => [parent, form])).to.deep.equal([
    ["", "projects/P/operations/X"],
    ["projects/p", "projects/P/operations/X"],
    ["projects/p/locations/eu", "projects/P/locations/L/operations/X"],
  ]);
}

/** Runs the script in a process of its own; the emulator is found by the environment. */
async function runProgram({ grpc, http }: Emulator, folder: ReportFolder): Promise<LiveReport> {
  const out = join(folder.path, "program.json");
  const args = [
    "--project",
    "p",
    "--bucket",
    "live-bucket",
    "--location",
    "eu",
    "--yes",
    "--out",
    out,
  ];
  const child = spawn(process.execPath, [join(root, "scripts/live.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: http },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  expect(code, stderr).to.equal(0);
  expect(stdout).to.include(`report: ${out}`);
  return JSON.parse(await readFile(out, "utf8")) as LiveReport;
}
