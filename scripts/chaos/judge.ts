import type { Evidence } from "./evidence.ts";
import { checkAccepted } from "./invariants/accepted.ts";
import { checkCancelled } from "./invariants/cancelled.ts";
import { checkDelivered } from "./invariants/delivered.ts";
import { checkFences } from "./invariants/fences.ts";
import { checkInputs } from "./invariants/inputs.ts";
import { checkResults } from "./invariants/results.ts";
import { checkTakeovers } from "./invariants/takeovers.ts";
import { checkTimes } from "./invariants/times.ts";
import type { Violation } from "./violation.ts";

/** Every invariant that a run that is over did not keep. */
export function judge(evidence: Evidence): readonly Violation[] {
  return [
    ...checkAccepted(evidence),
    ...checkFences(evidence.chunks),
    ...checkCancelled(evidence),
    ...checkInputs(evidence),
    ...checkResults(evidence),
    ...checkDelivered(evidence),
    ...checkTakeovers(evidence),
    ...checkTimes(evidence),
  ];
}
