import type { CallLog } from "../call-log.ts";
import type { AcceptedCall, CallHandler } from "../emulated-call.ts";
import { sleep, type EmulatorClock } from "../emulator-clock.ts";
import type { PlainJson } from "../plain-json.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";
import { listOperations } from "./list-operations.ts";
import type { OperationStore } from "./operation-store.ts";

/** What google.longrunning.Operations needs. */
export interface OperationHandlersParts {
  readonly operations: OperationStore;
  readonly log: CallLog;
  readonly clock: EmulatorClock;
  /** What is switched off answers UNIMPLEMENTED, as the live service may. */
  readonly supported: {
    readonly cancel: boolean;
    readonly list: boolean;
    readonly delete: boolean;
    readonly wait: boolean;
  };
}

// Source: WaitOperationRequest.timeout in operations.proto leaves the maximum to the server.
const maxWaitMs = 600_000;

/** The handlers of google.longrunning.Operations, by method name. */
export function createOperationHandlers(
  parts: OperationHandlersParts,
): ReadonlyMap<string, CallHandler> {
  const { operations, log, supported } = parts;
  return new Map<string, CallHandler>([
    [
      "GetOperation",
      ({ request }) => {
        const operation = operations.get(nameOf(request));
        log.countPoll(operation.name);
        return Promise.resolve(operation.toJson());
      },
    ],
    [
      "ListOperations",
      onlyIf(supported.list, ({ request }) => listOperations(operations, request)),
    ],
    [
      "CancelOperation",
      onlyIf(supported.cancel, ({ request }) => {
        const operation = operations.get(nameOf(request));
        log.countCancel(operation.name);
        operation.cancel();
        return {};
      }),
    ],
    [
      "DeleteOperation",
      onlyIf(supported.delete, ({ request }) => {
        operations.delete(nameOf(request));
        return {};
      }),
    ],
    ["WaitOperation", onlyIf(supported.wait, (call) => waitOperation(parts, call))],
  ]);
}

async function waitOperation(
  { operations, log, clock }: OperationHandlersParts,
  { request, signal }: AcceptedCall,
): Promise<PlainJson> {
  const operation = operations.get(nameOf(request));
  log.countPoll(operation.name);
  const timeoutMs = Math.min(durationMs(request["timeout"]) ?? maxWaitMs, maxWaitMs);
  const stop = new AbortController();
  const elapsed = sleep(clock, timeoutMs, AbortSignal.any([signal, stop.signal]));
  try {
    await Promise.race([operation.finished, elapsed]);
  } finally {
    stop.abort();
    await elapsed.catch(() => undefined);
  }
  return operation.toJson();
}

function durationMs(duration: unknown): number | undefined {
  if (typeof duration !== "string") return undefined;
  const seconds = Number.parseFloat(duration);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function nameOf({ name }: PlainJson): string {
  if (typeof name === "string" && /(^|\/)operations\/[^/]+$/.test(name)) return name;
  throw invalidArgument([
    {
      field: "name",
      description: `The name ${JSON.stringify(name ?? "")} is not that of an operation.`,
    },
  ]);
}

function onlyIf(
  supported: boolean,
  handler: (call: AcceptedCall) => PlainJson | Promise<PlainJson>,
): CallHandler {
  return async (call) => {
    if (supported) return handler(call);
    throw new ServiceError({
      code: "UNIMPLEMENTED",
      message: `Method ${call.entry.name} is not supported by this service.`,
    });
  };
}
