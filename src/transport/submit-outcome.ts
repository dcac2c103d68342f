import type { Code, SubmitFailure } from "../errors/index.ts";
import type { AttemptFailure } from "./transport.ts";

/**
 * Codes that the service answers before it accepts anything. All others are told apart by nothing
 * that reaches a client: a connection dropped before acceptance and after it read the same.
 */
const refusals: ReadonlySet<Code> = new Set<Code>([
  "RESOURCE_EXHAUSTED",
  "INVALID_ARGUMENT",
  "PERMISSION_DENIED",
  "UNAUTHENTICATED",
  "NOT_FOUND",
  // A request is sent once, so that it does not find what an earlier attempt of its own has made.
  "ALREADY_EXISTS",
  "FAILED_PRECONDITION",
  "UNIMPLEMENTED",
  "OUT_OF_RANGE",
]);

/** Whether a failed submit may have been accepted. */
export function submitOutcome(failure: AttemptFailure): SubmitFailure {
  const rejected = !failure.mayHaveBeenSent || refusals.has(failure.status.code);
  return rejected ? "rejected" : "unknown";
}
