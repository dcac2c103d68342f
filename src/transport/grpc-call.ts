import type { GaxCall, GrpcClient } from "google-gax";
import type { MethodEntry } from "../protocol/method-table.ts";
import type { UnaryStub } from "../protocol/stubs.ts";
import { apiClientHeader } from "./api-client-header.ts";

/** google-gax, as it is loaded at first use. */
export type Gax = typeof import("google-gax");

/** A call that has been sent. */
export interface OngoingCall {
  readonly answer: Promise<object>;
  /** Ends it at both ends; the answer then rejects with CANCELLED. */
  readonly cancel: () => void;
}

/** Sends a request with its headers, once, until a deadline in milliseconds since the epoch. */
export type UnaryCall = (
  request: object,
  headers: Readonly<Record<string, string>>,
  deadline: number,
) => OngoingCall;

/** What gax answers for a unary call. */
type OngoingGax = Promise<readonly [object]> & { cancel(): void };

/** Builds the headers of a call: those of every call, and its own. */
type MetadataBuilder = ReturnType<GrpcClient["metadataBuilder"]>;

/** A method of a stub, as grpc-js has it. */
type Invoke = (
  ...args: [
    request: object,
    metadata: object,
    options: { readonly deadline: number },
    callback: (error: Error | null, response: object) => void,
  ]
) => { cancel(): void };

// Source: google-gax, observability/util.
const observers = ["GOOGLE_SDK_NODE_ENABLE_TRACING", "GOOGLE_SDK_NODE_LOGGING"];

/**
 * A method of a stub as a call that is sent once, with gax's headers. The stub is called directly,
 * since gax's `createApiCall` merges settings and makes four promises for each call; it comes in only
 * where the environment asks for its traces or logs.
 */
export function createUnaryCall(
  method: MethodEntry,
  stub: UnaryStub,
  { gax, client }: { readonly gax: Gax; readonly client: GrpcClient },
): UnaryCall {
  const name = method.name.charAt(0).toLowerCase() + method.name.slice(1);
  const invoke = stub[name]?.bind(stub) as Invoke | undefined;
  if (invoke === undefined) throw new Error(`${method.service} has no ${method.name} over gRPC`);
  const beneath = { gax: gax.version as string, grpc: client.grpcVersion };
  const builder = client.metadataBuilder({ "x-goog-api-client": apiClientHeader(beneath) });
  return observers.some((name) => process.env[name])
    ? observedCall(gax, invoke, { apiName: method.service, builder })
    : directCall(invoke, builder);
}

function directCall(invoke: Invoke, builder: MetadataBuilder): UnaryCall {
  return (request, headers, deadline) => {
    const metadata = builder(undefined, headers);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const call = invoke(request, metadata, { deadline }, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
    return {
      answer: promise,
      cancel: () => {
        call.cancel();
      },
    };
  };
}

function observedCall(
  gax: Gax,
  invoke: Invoke,
  { apiName, builder }: { readonly apiName: string; readonly builder: MetadataBuilder },
): UnaryCall {
  // The retry policy stands in the caller, the same for every transport.
  const settings = { apiName, retry: null, otherArgs: { metadataBuilder: builder } };
  const call: GaxCall = gax.createApiCall(invoke as never, new gax.CallSettings(settings));
  return (request, headers, deadline) => {
    const timeout = Math.max(1, deadline - Date.now());
    const ongoing = call(request, { timeout, otherArgs: { headers } }) as unknown as OngoingGax;
    return {
      answer: ongoing.then(([response]) => response),
      cancel: () => {
        ongoing.cancel();
      },
    };
  };
}
