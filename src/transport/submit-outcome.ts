import type { Code, SubmitFailure } from "../errors/index.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
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
  "FAILED_PRECONDITION",
  "UNIMPLEMENTED",
  "OUT_OF_RANGE",
]);

/** Whether a failed submit of a method may have been accepted. */
export function submitOutcome(failure: AttemptFailure, { name }: MethodEntry): SubmitFailure {
  const { code } = failure.status;
  // Sent once, a create cannot find under its id what an earlier attempt of its own has made.
  const isTaken = code === "ALREADY_EXISTS" && name.startsWith("Create");
  const rejected = !failure.mayHaveBeenSent || refusals.has(code) || isTaken;
  return rejected ? "rejected" : "unknown";
}
