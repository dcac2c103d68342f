import { expect } from "chai";
import { runMany } from "../../scripts/chaos/run-many.ts";
import { renderReport } from "../../scripts/chaos/report.ts";

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
});
