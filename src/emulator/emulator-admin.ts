import type { CallLog, SubmitRecord } from "./call-log.ts";
import type { FaultEngine } from "./faults/fault-engine.ts";
import type { FaultRule } from "./faults/fault-rule.ts";
import type { OperationState } from "./operations/operation-metadata.ts";
import type { OperationGate } from "./operations/operation-gate.ts";
import type { OperationRunner } from "./operations/operation-runner.ts";
import type { OperationStore } from "./operations/operation-store.ts";
import type { RequestQuota } from "./request-quota.ts";

/** One operation as the admin sees it. */
export interface OperationSummary {
  /** Its name, as `GetOperation` takes it. */
  readonly name: string;
  /** The state that its metadata tells. */
  readonly state: OperationState;
  /** Whether it has ended, well or not. */
  readonly done: boolean;
  /** As {@link EmulatorAdmin.polls}. */
  readonly polls: number;
  /** As {@link EmulatorAdmin.cancels}. */
  readonly cancels: number;
}

/** What a test asks of an emulator, beside the API itself. */
export interface EmulatorAdmin {
  /** Every submit that was accepted, in order. */
  submits(): readonly SubmitRecord[];
  /** Calls of a method that arrived, whatever became of them, e.g. `calls("GetOperation")`. */
  calls(method: string): number;
  /** Calls of a method that took effect, whatever became of their answers. */
  accepted(method: string): number;
  /** Calls that arrived, by method. */
  callCounts(): Readonly<Record<string, number>>;
  /** GetOperation and WaitOperation calls that were let through to an operation. */
  polls(operationName: string): number;
  /** CancelOperation calls that were let through to an operation. */
  cancels(operationName: string): number;
  /** Every operation that is remembered, the newest first. */
  operations(): readonly OperationSummary[];
  /** The fault rules in force. */
  faults(): readonly FaultRule[];
  /** Replaces the fault rules; counters start again. @throws VisionBatchError that says what is wrong with them. */
  setFaults(rules: readonly FaultRule[]): void;
  /** Holds operations accepted from now on in state CREATED, until released (`true`), or no longer does so (`false`). */
  holdOperations(hold: boolean): void;
  /** Releases one held operation, or all of them; false where there was none. */
  releaseOperation(operationName?: string): boolean;
  /** Ends all operations and forgets them, calls, faults and quota; the buckets stay. */
  reset(): Promise<void>;
}

/** The parts that the admin reaches into. */
export interface AdminParts {
  readonly log: CallLog;
  readonly faults: FaultEngine;
  readonly operations: OperationStore;
  readonly runner: OperationRunner;
  readonly gate: OperationGate;
  readonly quota: RequestQuota;
}

/** Builds the admin over the parts of an emulator. */
export function createAdmin(parts: AdminParts): EmulatorAdmin {
  const { log, faults, operations, gate } = parts;
  return {
    submits: () => [...log.submits],
    calls: (method) => log.calls(method),
    accepted: (method) => log.accepted(method),
    callCounts: () => log.callCounts,
    polls: (name) => log.polls(name),
    cancels: (name) => log.cancels(name),
    operations: () =>
      operations.list().map(({ name, state, done }) => ({
        name,
        state,
        done,
        polls: log.polls(name),
        cancels: log.cancels(name),
      })),
    faults: () => faults.rules,
    setFaults: (rules) => {
      faults.setRules(rules);
    },
    holdOperations: (hold) => {
      gate.hold(hold);
    },
    releaseOperation: (name) => gate.release(name),
    reset: () => reset(parts),
  };
}

async function reset({ log, faults, operations, runner, gate, quota }: AdminParts): Promise<void> {
  gate.hold(false);
  await runner.stop(new Error("the emulator was reset"));
  operations.clear();
  faults.setRules([]);
  quota.reset();
  log.reset();
}
