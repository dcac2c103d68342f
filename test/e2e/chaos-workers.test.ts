import { expect } from "chai";
import { renderReport } from "../../scripts/chaos/report.ts";
import { runScenario } from "../../scripts/chaos/run-scenario.ts";
import { planScenario, type Scenario } from "../../scripts/chaos/scenario.ts";
import type { WorkersPlan } from "../../scripts/chaos/workers-plan.ts";

const size = { images: 240, chunks: 12, workers: 3 };
const minuteMs = 60_000;

/** The run of a seed, with what is done to those who work on it told one by one. */
function plan(seed: number, workers: Partial<WorkersPlan>): Scenario {
  const scenario = planScenario(seed, size);
  if (scenario.workers === undefined) throw new Error("there are no workers");
  const calm = { serviceBlows: [], databaseBlows: [], sink: "ndjson" } as const;
  const quick = { leaseMs: 2000, lookIntervalMs: 500, pollIntervalMs: 500 };
  const { cancelOnce: _, emulator, ...run } = scenario;
  // After a read of an operation that failed workers wait for 5 s and more.
  const faults = emulator.faults?.filter(({ service }) => service !== "operations") ?? [];
  return {
    ...run,
    ...{ emulator: { ...emulator, faults }, retries: false },
    workers: { ...scenario.workers, ...calm, ...quick, ...workers },
  };
}

describe("workers under chaos", function () {
  // Processes of other tests slow down those that are started here.
  this.timeout(120_000);

  it("keep every invariant where they are struck, and their database, and a clock is wrong", async () => {
    const once = (reach: number) => ({ of: "submits", reach }) as const;
    const report = await runScenario(
      plan(3, {
        clockOffsMs: [0, 10 * minuteMs, -10 * minuteMs],
        blows: [
          { kind: "kill", once: once(2), forMs: 100, isLasting: false, target: 0 },
          { kind: "stop", once: once(4), forMs: 3000, isLasting: false, target: 1 },
          { kind: "end", once: once(6), forMs: 100, isLasting: false, target: 2 },
        ],
        databaseBlows: [
          { kind: "cut", once: once(3), forMs: 0 },
          { kind: "kill", once: once(7), forMs: 200 },
          { kind: "stall", once: once(9), forMs: 1500, way: 1 },
        ],
      }),
      80_000,
    );
    expect(renderReport(report)).to.match(/ok\n$/);
    expect(report.blows).to.deep.equal({ kill: 1, stop: 1, end: 1 });
    expect(report.database).to.deep.equal({ cut: 1, kill: 1, stall: 1 });
    expect(report.accepted).to.be.above(size.chunks / 2);
  });

  it("are given the same to endure by the same seed", () => {
    expect(planScenario(7, size)).to.deep.equal(planScenario(7, size));
    expect(planScenario(7, size)).to.not.deep.equal(planScenario(8, size));
    const { workers: _, ...alone } = size;
    expect(planScenario(7, alone)).to.not.have.property("workers");
  });
});
