import {
  InvalidRequestError,
  SubmitError,
  VisionBatchError,
  type Code,
} from "../../errors/index.ts";
import type { Evidence, SubmitFailedEvidence } from "../steps/index.ts";
import { submitSpan } from "./chunk-telemetry.ts";
import type { DriverParts } from "./driver-parts.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { PreparedSubmit } from "./run-service.ts";

/**
 * Sends the request of an attempt that was begun, once. Up to the moment in which it leaves the claim is
 * looked at: a process that was held up must not send what another may have taken over. What remains is
 * the time between that look and the last byte on its way: a process that is stopped there, for longer than
 * its lease, is accepted late. The service has no key by which it could refuse that, and whoever takes the
 * chunk over treats it as one whose submit may have been accepted.
 */
export async function sendRequest(
  held: HeldChunk,
  prepared: PreparedSubmit,
  { hurry, clock, outage }: DriverParts,
): Promise<Evidence> {
  const mayLeave = (): boolean => !held.lost.aborted && clock.now() < held.leaseUntilMs;
  if (!mayLeave()) {
    const error = new VisionBatchError("nothing was sent: the claim was over");
    return { type: "submitFailed", outcome: "unsent", error };
  }
  try {
    held.handle = await prepared.send({ signal: hurry, mayLeave, span: submitSpan(held) });
    outage.ended();
    return { type: "accepted", operation: held.handle.toJSON() };
  } catch (thrown) {
    const error = toError(thrown);
    const outcome = outcomeOf(error, hurry);
    if (isUnreachable(error)) outage.failed(error);
    else if (outcome === "rejected" && error instanceof SubmitError) outage.ended();
    return { type: "submitFailed", outcome, error };
  }
}

/** Codes of a submit that was surely not accepted with which the service refuses none: it never left. */
const unsentCodes: readonly Code[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"];

/** Whether nothing was sent because there was no way to the service. */
export function isUnreachable(error: Error): boolean {
  return isUnsent(error) && error.code !== "CANCELLED";
}

/** What was thrown, as an error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** An abort that is not a SubmitError, and a request that was found wrong, came before anything was sent. */
function outcomeOf(error: Error, hurry: AbortSignal): SubmitFailedEvidence["outcome"] {
  if (isUnsent(error)) return "unsent";
  if (error instanceof SubmitError) return error.outcome;
  if (error instanceof InvalidRequestError) return "rejected";
  return hurry.aborted && error === hurry.reason ? "unsent" : "unknown";
}

function isUnsent(error: Error): error is SubmitError {
  return (
    error instanceof SubmitError && error.outcome === "rejected" && unsentCodes.includes(error.code)
  );
}
