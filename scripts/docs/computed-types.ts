/**
 * Types that the reference shows by name alone. They compute others from the messages of a version, so
 * that their pages would say less than the comments of what uses them; or they are handed from one
 * part of the package to another, and nobody makes one.
 */
export const computedTypes: readonly string[] = [
  // The version and the transport of a client decide which methods it has.
  "src/annotating-client.ts:Detecting",
  "src/annotating-client.ts:WithFiles",
  "src/client.ts:Having",
  "src/product-search-client.ts:Having",
  // What is found, or asked for, in the messages of a version.
  "src/annotating-client.ts:answerFields",
  "src/annotating-client.ts:ProductSearch",
  "src/annotation/annotate-options.ts:FieldOf",
  "src/annotation/annotate-options.ts:ItemOf",
  "src/annotation/annotate-options.ts:OneRequest",
  "src/protocol/message-init.ts:FieldInit",
  "src/protocol/message-version.ts:OverRest",
  "src/protocol/product-methods.ts:Entry",
  "src/protocol/product-methods.ts:HasProductSearch",
  "src/protocol/product-methods.ts:Named",
  "src/protocol/product-methods.ts:OperationOf",
  "src/protocol/product-methods.ts:Table",
  "src/protocol/version-methods.ts:Field",
  "src/protocol/version-methods.ts:MethodsOver",
  "src/results/response-types.ts:JsonOf",
  "src/results/response-types.ts:VersionResponses",
  "src/runs/run-options.ts:OneImage",
  "src/runs/progress.ts:OpenState",
  "generated/index.ts:MethodTables",
  "generated/index.ts:featuresOfVersion",
  // The codec of a message, told of in `completeGenerated`.
  "MessageFns",
  "FieldMaskWrapperFns",
  // From a client to a worker.
  "src/runs/open-runs.ts:RunsBase",
  // The port of journals: its adapters are in this package.
  "src/runs/journal/chunk-record.ts:ChunkOutcome",
  "src/runs/journal/chunk-record.ts:ChunkSelection",
  "src/runs/journal/chunk-record.ts:Claim",
  "src/runs/journal/chunk-writes.ts:ChunkStep",
  "src/runs/journal/chunk-writes.ts:ClaimRequest",
  "src/runs/journal/chunk-writes.ts:HeldClaim",
  "src/runs/journal/chunk-writes.ts:LateOperation",
  "src/runs/journal/chunk-writes.ts:LateRefusal",
  "src/runs/journal/chunk-writes.ts:PlanPart",
  "src/runs/journal/chunk-writes.ts:PlanTotals",
  "src/runs/journal/chunk-writes.ts:RetryPart",
  "src/runs/journal/chunk-writes.ts:SubmitGate",
  "src/runs/journal/chunk-writes.ts:SubmitIntent",
  "src/runs/journal/event-record.ts:EventSelection",
  "src/runs/journal/flow-record.ts:FlowRecord",
  "src/runs/journal/run-progress.ts:RunProgress",
  "src/runs/journal/run-record.ts:NewRun",
  "src/runs/journal/run-record.ts:RunChange",
  "src/runs/journal/run-record.ts:RunRecord",
  "src/runs/journal/run-record.ts:RunSelection",
];
