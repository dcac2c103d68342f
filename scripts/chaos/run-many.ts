import { runScenario, type ScenarioReport } from "./run-scenario.ts";
import { planScenario, type ScenarioSize } from "./scenario.ts";

/** Lets the runs of several seeds happen, some at a time; the reports in the order of the seeds. */
export async function runMany(
  seeds: readonly number[],
  options: {
    readonly size: ScenarioSize;
    /** Runs at a time. */
    readonly jobs: number;
    /** A run that is not over by then hangs. Default 300,000. */
    readonly timeLimitMs?: number;
    readonly onReport: (report: ScenarioReport) => void;
  },
): Promise<readonly ScenarioReport[]> {
  const { size, jobs, timeLimitMs = 300_000, onReport } = options;
  const waiting = seeds.values();
  const reports: ScenarioReport[] = [];
  const work = async (): Promise<void> => {
    // The iterator is shared: each takes the next seed that nobody has.
    for (const seed of waiting) {
      const report = await runScenario(planScenario(seed, size), timeLimitMs);
      reports.push(report);
      onReport(report);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return reports.sort((one, other) => one.seed - other.seed);
}
