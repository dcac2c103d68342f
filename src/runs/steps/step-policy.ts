import type { Backoff } from "../../transport/backoff.ts";

/**
 * What becomes of a chunk whose submit may or may not have been accepted, once nothing more can be
 * found out: `wait` until a person decides, `fail`, or `resubmit` under a new prefix, which may be
 * billed twice.
 */
export type OnUnknownSubmit = "wait" | "fail" | "resubmit";

/** What the steps of a run go by. */
export interface StepPolicy {
  readonly onUnknownSubmit: OnUnknownSubmit;
  /** How long after its intent, or after its operation was lost, an attempt without output is looked for. */
  readonly quarantineMs: number;
  /** How long after the last new shard of an operation that has ended missing shards are waited for. */
  readonly graceMs: number;
  /** The same for output that was found without its operation: nothing tells when that is complete. */
  readonly adoptedGraceMs: number;
  /** Rejected submits in a row after which a chunk fails; those with RESOURCE_EXHAUSTED do not count. */
  readonly maxRejections: number;
  /** Between rejected submits. */
  readonly submitBackoff: Backoff;
  /** Between failed reads of operations, of their list and of the output. */
  readonly readBackoff: Backoff;
  /** Between two looks for an unknown attempt or for missing shards; the pause grows with what was waited already. */
  readonly lookPause: { readonly leastMs: number; readonly mostMs: number };
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** The policy of a run that tells nothing else. */
export const defaultStepPolicy: StepPolicy = {
  onUnknownSubmit: "wait",
  quarantineMs: 24 * hourMs,
  graceMs: minuteMs,
  adoptedGraceMs: hourMs,
  maxRejections: 10,
  submitBackoff: { initialMs: 2 * secondMs, multiplier: 2, maxMs: 5 * minuteMs, jitter: 0.25 },
  readBackoff: { initialMs: 5 * secondMs, multiplier: 2, maxMs: 5 * minuteMs, jitter: 0.25 },
  lookPause: { leastMs: 2 * secondMs, mostMs: 30 * minuteMs },
};
