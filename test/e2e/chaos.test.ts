import { expect } from "chai";
import { runMany } from "../../scripts/chaos/run-many.ts";
import { renderReport } from "../../scripts/chaos/report.ts";
import { runScenario } from "../../scripts/chaos/run-scenario.ts";
import { planScenario } from "../../scripts/chaos/scenario.ts";
import type { Blow } from "../../scripts/chaos/blows.ts";

/** Between them: processes that are killed, ended, stopped for a while and until the end; two at a time; a retry. */
const seeds = [26, 30];

describe("runs under chaos", () => {
  it("keep every invariant, by the service's own record of what it accepted", async function () {
    // Processes of other tests slow down those that are started here.
    this.timeout(120_000);
    const reports = await runMany(seeds, {
      ...{ size: { images: 600, chunks: 12 }, jobs: seeds.length, timeLimitMs: 80_000 },
      onReport: () => undefined,
    });
    const broken = reports.filter(({ violations }) => violations.length > 0);
    expect(broken.map(renderReport).join("\n")).to.equal("");
    const processes = reports.reduce((sum, report) => sum + report.processes, 0);
    expect(processes).to.be.greaterThan(seeds.length);
  });

  it("are taken over from a process that is stopped while more is to be done to it", async function () {
    this.timeout(120_000);
    const stop = { kind: "stop", once: { of: "ended", reach: 2 }, forMs: 100 } as const;
    const blows: readonly Blow[] = [
      { ...stop, isLasting: true },
      { ...stop, isLasting: false },
    ];
    const calm = planScenario(26, { images: 600, chunks: 12 });
    const { processes, violations } = await runScenario({ ...calm, runners: 1, blows }, 80_000);
    expect(violations).to.deep.equal([]);
    expect(processes).to.be.greaterThan(1);
  });
});
