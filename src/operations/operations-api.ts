import { operationsService, type MethodEntry } from "../protocol/method-table.ts";
import type { Caller } from "../transport/caller.ts";
import type { CallOptions } from "../transport/transport.ts";
import type { OperationMessage } from "./operation-snapshot.ts";
import { waitMarginMs } from "./operation-waits.ts";

/** One page of `ListOperations`. */
export interface OperationPage {
  readonly operations: readonly OperationMessage[];
  readonly nextPageToken: string;
}

/** google.longrunning.Operations over a caller. */
export interface OperationsApi {
  /** Exactly one read. */
  get(name: string, options?: CallOptions): Promise<OperationMessage>;
  /** Exactly one read, which the server answers when the operation is done, and after `waitMs` at the latest. */
  wait(name: string, waitMs: number, options?: CallOptions): Promise<OperationMessage>;
  cancel(name: string, options?: CallOptions): Promise<void>;
  list(
    request: { name: string; filter: string; pageSize: number; pageToken: string },
    options?: CallOptions,
  ): Promise<OperationPage>;
}

/** The operations service over a caller. */
export function createOperationsApi(caller: Caller): OperationsApi {
  const call = (
    method: MethodEntry,
    request: { readonly name: string },
    options?: CallOptions,
  ) => ({
    ...options,
    method,
    request,
  });
  return {
    get: async (name, options) => {
      const read = { ...call(methodOf("getOperation"), { name }, options), operationName: name };
      return (await caller.readOnce(read)) as OperationMessage;
    },
    wait: async (name, waitMs, options) => {
      const request = { name, timeout: durationOf(waitMs) };
      const read = { ...call(methodOf("waitOperation"), request, options), operationName: name };
      const timeoutMs = waitMs + waitMarginMs;
      return (await caller.readOnce({ timeoutMs, ...read })) as OperationMessage;
    },
    cancel: async (name, options) => {
      await caller.read({
        ...call(methodOf("cancelOperation"), { name }, options),
        operationName: name,
      });
    },
    list: async (request, options) =>
      (await caller.read(call(methodOf("listOperations"), request, options))) as OperationPage,
  };
}

/** A `google.protobuf.Duration`. */
function durationOf(ms: number): { readonly seconds: string; readonly nanos: number } {
  const whole = Math.round(ms);
  return { seconds: String(Math.floor(whole / 1000)), nanos: (whole % 1000) * 1_000_000 };
}

function methodOf(name: string): MethodEntry {
  const method = operationsService.methods[name];
  if (method === undefined) throw new Error(`google.longrunning.Operations has no ${name}`);
  return method;
}
