import { Telemetry } from "../telemetry/index.ts";
import type { Caller } from "../transport/caller.ts";
import type { Clock } from "../transport/clock.ts";
import type { Logger } from "../transport/logger.ts";
import { LearnedDurations } from "./learned-durations.ts";
import { OperationWaits } from "./operation-waits.ts";
import { createOperationsApi, type OperationsApi } from "./operations-api.ts";
import {
  emulatorPollSchedule,
  fixedPlanner,
  learningPlanner,
  type PollPlanner,
  type PollSchedule,
} from "./poll-schedule.ts";
import { defaultPollsPerMinute, emulatorPollsPerMinute, PollTurns } from "./poll-turns.ts";
import { SiblingPhases } from "./sibling-phases.ts";

/** What all operations of a client share. */
export interface OperationRuntime {
  readonly api: OperationsApi;
  readonly turns: PollTurns;
  readonly waits: OperationWaits;
  readonly durations: LearnedDurations;
  readonly phases: SiblingPhases;
  readonly plan: PollPlanner;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** The host that the operations are at. */
  readonly host: string;
  /** Aborts when the client is closed: no read is answered from then on. */
  readonly closed: AbortSignal;
}

/** What a runtime is made of. */
export interface OperationRuntimeOptions {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly host: string;
  readonly closed: AbortSignal;
  /** Whether the server is an emulator, which is read quickly. */
  readonly emulated: boolean;
  /** Whether WaitOperation can be called; it has no HTTP binding. Default true. */
  readonly canWait?: boolean | undefined;
  /** Numbers from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** In place of what is learned. */
  readonly pollSchedule?: PollSchedule | undefined;
  /** Default {@link defaultPollsPerMinute}; more for an emulator. */
  readonly pollsPerMinute?: number | undefined;
  readonly telemetry?: Telemetry | undefined;
}

/** The runtime of a client's operations. */
export function createOperationRuntime(options: OperationRuntimeOptions): OperationRuntime {
  const { caller, clock, logger, host, closed, emulated, canWait = true } = options;
  const { random = Math.random, telemetry = new Telemetry() } = options;
  const durations = new LearnedDurations();
  const schedule = options.pollSchedule ?? (emulated ? emulatorPollSchedule : undefined);
  const pollsPerMinute =
    options.pollsPerMinute ?? (emulated ? emulatorPollsPerMinute : defaultPollsPerMinute);
  return {
    api: createOperationsApi(caller),
    turns: new PollTurns(clock, pollsPerMinute),
    waits: new OperationWaits({ possible: canWait }),
    durations,
    phases: new SiblingPhases(),
    plan: schedule === undefined ? learningPlanner(durations) : fixedPlanner(schedule),
    random,
    clock,
    wallNow: () => Date.now(),
    logger,
    telemetry,
    host,
    closed,
  };
}
