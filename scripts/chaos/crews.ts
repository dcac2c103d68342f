import { Crew } from "./crew.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** The processes that a run needs. */
export interface Crews {
  /** Those that work on it over a file, or start it and wait for its end. */
  readonly runners: Crew;
  /** Those that share it over a database. */
  readonly workers: Crew | undefined;
}

/** Starts everybody that a scenario tells of. */
export function startCrews(stage: Stage, scenario: Scenario): Crews {
  const { workers, cancelOnce: once, runners } = scenario;
  const script = "runner";
  const log = stage.logOf("cancel");
  const cancel = { script, options: stage.runnerOptions("cancel"), log } as const;
  return {
    workers: startWorkers(stage, scenario, "worker"),
    runners: new Crew({
      wanted: runners,
      blows: workers?.serviceBlows ?? scenario.blows,
      process: (index) => ({
        ...{ script, options: stage.runnerOptions("work"), log: stage.logOf(`runner-${index}`) },
      }),
      ...(once === undefined ? {} : { cancel: { once, process: cancel } }),
      wasOutOfReach: () => stage.database?.wasStruck === true,
    }),
  };
}

const retryLeaseMs = 3_600_000;

/** Starts those that send again what has no result: to them nothing is done. */
export function startRetry(stage: Stage, scenario: Scenario): Crews {
  const { worker, workers } = scenario;
  // A machine that is busy must not let it lose its own claims: they would be of unknown fate.
  const leaseMs = retryLeaseMs;
  const calm: Scenario = {
    ...{ ...scenario, worker: { ...worker, leaseMs } },
    ...(workers === undefined ? {} : { workers: { ...workers, leaseMs, count: 1, blows: [] } }),
  };
  const options = { ...stage.runnerOptions("retry"), scenario: calm };
  return {
    workers: startWorkers(stage, calm, "retry-worker"),
    runners: new Crew({
      ...{ wanted: 1, blows: [] },
      process: () => ({ script: "runner", options, log: stage.logOf("retry") }),
    }),
  };
}

function startWorkers(stage: Stage, scenario: Scenario, name: string): Crew | undefined {
  const { workers } = scenario;
  if (workers === undefined) return undefined;
  const { count, blows, clockOffsMs } = workers;
  return new Crew({
    ...{ wanted: count, blows, endsWhenTold: true },
    process: (index) => ({
      script: "worker",
      options: { ...stage.runnerOptions("work", index % count), scenario },
      log: stage.logOf(`${name}-${index}`),
      clockOffMs: clockOffsMs[index % count] ?? 0,
    }),
    wasOutOfReach: () => stage.database?.wasStruck === true,
  });
}

/** All crews that there are. */
export function crewsOf({ runners, workers }: Crews): readonly Crew[] {
  return workers === undefined ? [runners] : [runners, workers];
}
