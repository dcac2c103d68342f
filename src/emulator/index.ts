/**
 * Vision and Cloud Storage on this machine, over gRPC and REST, for tests and trials: start with
 * {@link startEmulator}.
 *
 * @module vision-batch/emulator
 */
export type { Code } from "../errors/index.ts";
export type { CallTransport } from "./emulated-call.ts";
export type { SubmitRecord } from "./call-log.ts";
export type { EmulatorAdmin, OperationSummary } from "./emulator-admin.ts";
export type { EmulatorClock } from "./emulator-clock.ts";
export type { EmulatorLogger, EmulatorOptions, EmulatorQuotas } from "./emulator-options.ts";
export type {
  DropMoment,
  FaultMoment,
  FaultRule,
  FaultService,
  ShardFault,
} from "./faults/fault-rule.ts";
export { parseFaultRules } from "./faults/parse-fault-rules.ts";
export { startEmulator, type Emulator } from "./start-emulator.ts";
export type { OperationState } from "./operations/operation-metadata.ts";
export type { PlainJson } from "./plain-json.ts";
export type { ServiceStatus } from "./service-error.ts";
