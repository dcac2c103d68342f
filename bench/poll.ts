import type { Bench, BenchResult } from "./bench.ts";
import { measureInFlight } from "./poll/in-flight.ts";
import { costOf } from "./poll/peers.ts";
import {
  loneDurations,
  simulateLone,
  simulateSiblings,
  type Comparison,
} from "./poll/simulations.ts";
import type { Followed } from "./poll/virtual-service.ts";

/**
 * Reading operations until they are done, in virtual time with the poller that clients run, against
 * google-gax's schedule and the one that Google recommends; then 2,000 of them in real time.
 */
export const pollBench: Bench = async (report) => {
  report("virtual time: what follows operations to their ends, polls and mean lag of each");
  report(line("", ["here", "google-gax", "Google's YAML"]));
  const siblings = await simulateSiblings(0.2);
  report(row("20 min, sigma 0.2", siblings));
  const mixed = await simulateSiblings(1);
  report(row("20 min, sigma 1.0", mixed));
  const withWaits = await simulateSiblings(0.2, true);
  report(row("  sigma 0.2, a server with waits", withWaits));
  const lone = await simulateLoneOnes(report);
  report("real time: 200 and 2,000 operations in flight at the emulator");
  const inFlight = await measureInFlight();
  return {
    figures: {
      siblingsCostRatio: costOf(siblings.ours) / costOf(siblings.gax),
      mixedCostRatio: costOf(mixed.ours) / costOf(mixed.gax),
      ...lone,
      siblingsPolls: siblings.ours.polls,
      siblingsLagMs: siblings.ours.lagMs,
      ...inFlight,
      cpuMsPerOperation: (inFlight["cpuMsPerPoll"] ?? Number.NaN) * siblings.ours.polls,
    },
    bounds,
  };
};

const bounds: BenchResult["bounds"] = {
  siblingsCostRatio: { max: 0.25 },
  mixedCostRatio: { max: 0.7 },
  lonePollsRatio: { max: 1 },
  loneLagRatio: { max: 1 },
  // Twice and more of what is measured: a machine may be slow and shared.
  cpuMsPerPoll: { max: 2 },
  heapKiBPerOperation: { max: 20 },
  // Most of it is V8's young generation, which grows with the 600 polls a second that the load makes.
  rssKiBPerOperation: { max: 250 },
  lagGrowthRatio: { max: 1.25 },
  lagDriftRatio: { max: 1.25 },
};

/** The worst ratios to Google's YAML over all durations. */
async function simulateLoneOnes(report: (line: string) => void): Promise<Record<string, number>> {
  const ratios = { polls: 0, lag: 0 };
  for (const [index, durationMs] of loneDurations().entries()) {
    const lone = await simulateLone(durationMs);
    ratios.polls = Math.max(ratios.polls, lone.ours.polls / lone.yaml.polls);
    ratios.lag = Math.max(ratios.lag, lone.ours.lagMs / lone.yaml.lagMs);
    if (index % 13 === 0) report(row(`alone, ${minutes(durationMs)} and 10% around it`, lone));
  }
  report(row("  1.0 min, a server with waits", await simulateLone(60_000, true)));
  return { lonePollsRatio: ratios.polls, loneLagRatio: ratios.lag };
}

function minutes(ms: number): string {
  return `${(ms / 60_000).toFixed(1)} min`;
}

function row(what: string, { ours, gax, yaml }: Comparison): string {
  const cell = ({ polls, lagMs }: Followed): string =>
    `${polls.toFixed(1)} x ${(lagMs / 1000).toFixed(1)} s`;
  return line(what, [ours, gax, yaml].map(cell));
}

function line(what: string, cells: readonly string[]): string {
  return [what.padEnd(36), ...cells.map((cell) => cell.padStart(16))].join("");
}
