import { expect } from "chai";
import { countUnits, describeCost } from "../../../scripts/live/cost.ts";
import { probes } from "../../../scripts/live/probes.ts";
import { TestEmulator } from "../../fixtures/emulator.ts";
import { emulatorArgs, runScript } from "./live-run.ts";

const needed = ["--project", "p", "--bucket", "live-bucket"];

describe("npm run live, before anything is sent", () => {
  let emulator: TestEmulator;

  before(async () => {
    emulator = await TestEmulator.start();
  });

  after(async () => {
    expect(emulator.emulator.admin.callCounts()).to.deep.equal({});
    expect(await emulator.list("gs://live-bucket/")).to.deep.equal([]);
    await emulator.close();
  });

  it("states the units of all questions, each shared work counted once", () => {
    const shared = new Set(probes.flatMap((probe) => probe.shared ?? []));
    expect(shared.size).to.equal(1);
    expect(countUnits(probes)).to.equal(37);
    const text = describeCost(probes, false);
    expect(text).to.include("up to 37 units").and.include("at most $0.06");
    expect(text).to.include("https://cloud.google.com/vision/pricing").and.include("may differ");
  });

  it("says that an emulator bills nothing", () => {
    expect(describeCost(probes, true)).to.include("nothing is billed").and.not.include("$");
  });

  it("refuses without a terminal to ask at, unless --yes is given", async () => {
    const run = await runScript([...needed, ...emulatorArgs(emulator.emulator)]);
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("up to 37 units").and.include("--yes");
  });

  for (const answer of ["n\n", "\n", "", "yesterday\n"]) {
    it(`takes ${JSON.stringify(answer)} at the terminal for a no`, async () => {
      const run = await runScript([...needed, ...emulatorArgs(emulator.emulator)], { answer });
      expect(run.code).to.equal(1);
      expect(run.stderr).to.include("Go on?").and.include("nothing was sent");
    });
  }

  const { grpc, http } = { grpc: "127.0.0.1:1", http: "http://127.0.0.1:1" };
  const wrong: readonly (readonly [string, readonly string[], NodeJS.ProcessEnv, string])[] = [
    ["no bucket", ["--project", "p", "--yes"], {}, "--project and --bucket"],
    ["an option that there is not", [...needed, "--fast"], {}, "--fast"],
    ["a question that there is not", [...needed, "--only", "shard-order,colour"], {}, "colour"],
    ["a location that there is not", [...needed, "--location", "mars"], {}, "mars"],
    ["a wait that is no number", [...needed, "--wait-minutes", "soon"], {}, "soon"],
    ["an emulator for gRPC alone", [...needed, "--yes", "--emulator-grpc", grpc], {}, "both"],
    [
      "an emulator for storage alone",
      [...needed, "--yes"],
      { STORAGE_EMULATOR_HOST: http },
      "both",
    ],
    ["a report to check that is not there", ["--check", "/nowhere.json"], {}, "/nowhere.json"],
    ["a file to check that is no report", ["--check", "package.json"], {}, "not a report"],
  ];
  for (const [what, args, environment, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const run = await runScript(args, { environment });
      expect(run.code).to.equal(2);
      expect(run.stderr).to.include(message).and.include("npm run live --");
    });
  }

  it("explains itself", async () => {
    const run = await runScript(["--help"]);
    expect(run.code).to.equal(0);
    for (const { key } of probes) expect(run.stdout).to.include(key);
  });
});
