import { RpcError } from "../../errors/index.ts";
import type { OperationEvent, OperationHandle, OperationToken } from "../../operations/index.ts";
import type { Evidence, OperationFinding } from "../steps/index.ts";
import type { DriverParts } from "./driver-parts.ts";
import { findOperation } from "./find-operation.ts";
import type { HeldChunk } from "./held-chunk.ts";

/**
 * Follows the operation of a chunk until it has ended, cannot be read, or something must be decided anew.
 * One of an unknown attempt is read once: that it is there is what is asked. So is one that is not watched.
 */
export async function followOperation(
  held: HeldChunk,
  { operation, interruption }: { operation: OperationToken; interruption: AbortSignal },
  { service, stay }: DriverParts,
): Promise<Evidence> {
  const isKnown = held.handle !== undefined;
  const handle = (held.handle ??= service.operation(operation));
  const signal = AbortSignal.any([interruption, held.lost]);
  try {
    const isReadOnce = held.current.chunk.state === "unknown" || stay.planPoll !== undefined;
    if (isReadOnce) return { type: "operationRead", finding: await handle.poll({ signal }) };
    const { last, events } = await watch(handle, signal);
    // What is known already is told first and is no read; the step that follows counts one.
    held.countPolls(events - (isKnown ? 2 : 1));
    return { type: "operationRead", finding: findingOf(last) };
  } catch (error) {
    return { type: "operationUnread", error: error as Error };
  }
}

interface Watched {
  readonly last: OperationEvent<unknown, unknown> | undefined;
  readonly events: number;
}

/** What is told of an operation until it has ended or the signal aborts. */
async function watch(handle: OperationHandle, signal: AbortSignal): Promise<Watched> {
  let last: Watched["last"];
  let events = 0;
  try {
    for await (const event of handle.watch({ signal })) {
      events++;
      last = event;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { last, events };
}

/** Asks the service to cancel the operation of a chunk. */
export async function cancelOperation(
  held: HeldChunk,
  operation: OperationToken,
  { service, hurry }: DriverParts,
): Promise<Evidence> {
  const handle = (held.handle ??= service.operation(operation));
  try {
    const outcome = await handle.cancel({ signal: AbortSignal.any([hurry, held.lost]) });
    if (outcome !== "unsupported") return { type: "cancelAsked" };
    return { type: "cancelFailed", error: unsupported(handle) };
  } catch (error) {
    return { type: "cancelFailed", error: error as Error };
  }
}

/** Looks for the operation of an attempt among those that the service lists. */
export async function searchOperation(
  prefix: string,
  signal: AbortSignal,
  { service }: DriverParts,
): Promise<Evidence> {
  try {
    const found = await findOperation(service, prefix, signal);
    if (found === undefined) return { type: "operationsListed" };
    const finding = { state: "succeeded" } as const;
    return { type: "operationsListed", match: { operation: found.toJSON(), finding } };
  } catch (error) {
    return { type: "operationsUnlisted", error: error as Error };
  }
}

function findingOf(event: OperationEvent<unknown, unknown> | undefined): OperationFinding {
  if (event?.type === "succeeded") return { state: "succeeded" };
  if (event?.type !== "failed" && event?.type !== "cancelled") return { state: "running" };
  return { state: event.type, error: event.error };
}

function unsupported({ name }: OperationHandle): RpcError {
  const method = "google.longrunning.Operations/CancelOperation";
  const message = "this service cancels no operations";
  const fields = {
    code: "UNIMPLEMENTED",
    message,
    details: [],
    method,
    operationName: name,
  } as const;
  return new RpcError(
    `${method} failed with UNIMPLEMENTED: ${message} (operation ${name})`,
    fields,
  );
}
