export { withAttempt, withStep } from "./apply-step.ts";
export { decideStep } from "./decide-step.ts";
export type {
  AcceptedEvidence,
  CancelAskedEvidence,
  CancelFailedEvidence,
  DueEvidence,
  Evidence,
  HeldBackEvidence,
  OperationFinding,
  OperationReadEvidence,
  OperationsListedEvidence,
  OperationsUnlistedEvidence,
  OperationUnreadEvidence,
  OutputListedEvidence,
  OutputReadEvidence,
  OutputUnreadEvidence,
  ReachableEvidence,
  SubmitFailedEvidence,
  UnreachableEvidence,
} from "./evidence.ts";
export { errorData } from "./step-errors.ts";
export { chooseRetries, retriedStatuses, statusCodes, type RetryChoice } from "./retry-inputs.ts";
export type { PollTiming, Situation } from "./situation.ts";
export type { Effect, StepDecision } from "./step-decision.ts";
export type { StepEventType } from "./step-events.ts";
export { defaultStepPolicy, type OnUnknownSubmit, type StepPolicy } from "./step-policy.ts";
