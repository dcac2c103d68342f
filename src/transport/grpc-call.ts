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

/** A request that is about to be sent. */
export interface OutgoingCall {
  readonly request: object;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** See `Attempt.isGiven`. */
  readonly isGiven: boolean;
}

/** Sends a request, once. */
export type UnaryCall = (outgoing: OutgoingCall) => OngoingCall;

/** What gax answers for a unary call. */
type OngoingGax = Promise<readonly [object]> & { cancel(): void };

/** Builds the headers of a call: those of every call, and its own. */
type MetadataBuilder = ReturnType<GrpcClient["metadataBuilder"]>;

/** What every call is given. */
type CallArguments = [
  request: object,
  metadata: object,
  options: { readonly deadline: number },
  callback: (error: Error | null, response: object) => void,
];

type Serialize = (request: object) => Buffer;

/** A method of a stub, as grpc-js has it. */
interface StubMethod {
  (...args: CallArguments): { cancel(): void };
  readonly path: string;
  readonly requestSerialize: Serialize;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

/** What the methods of a stub are made of. */
type MakeUnaryRequest = (
  ...args: [
    path: string,
    serialize: Serialize,
    deserialize: StubMethod["responseDeserialize"],
    ...call: CallArguments,
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
  const stubMethod = stub[name] as StubMethod | undefined;
  if (stubMethod === undefined)
    throw new Error(`${method.service} has no ${method.name} over gRPC`);
  const beneath = { gax: gax.version as string, grpc: client.grpcVersion };
  const builder = client.metadataBuilder({ "x-goog-api-client": apiClientHeader(beneath) });
  return observers.some((name) => process.env[name])
    ? observedCall(gax, stubMethod.bind(stub), { apiName: method.service, builder })
    : directCall(stub, stubMethod, builder);
}

function directCall(
  stub: UnaryStub,
  { path, requestSerialize, responseDeserialize }: StubMethod,
  builder: MetadataBuilder,
): UnaryCall {
  const make = stub["makeUnaryRequest"]?.bind(stub) as MakeUnaryRequest;
  const serializeGiven: Serialize = (request) => {
    const bytes = requestSerialize(request);
    letGo(request);
    return bytes;
  };
  return ({ request, headers, deadline, isGiven }) => {
    const metadata = builder(undefined, headers);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const serialize = isGiven ? serializeGiven : requestSerialize;
    const answered = (error: Error | null, response: object): void => {
      if (error === null) resolve(response);
      else reject(error);
    };
    const call = make(
      path,
      serialize,
      responseDeserialize,
      ...([request, metadata, { deadline }, answered] as const),
    );
    return {
      answer: promise,
      cancel: () => {
        call.cancel();
      },
    };
  };
}

/** What a call holds until it is answered is then its bytes, not thousands of objects as well. */
function letGo(request: object): void {
  for (const value of Object.values(request) as unknown[]) {
    if (Array.isArray(value)) value.length = 0;
  }
}

function observedCall(
  gax: Gax,
  invoke: (...args: CallArguments) => { cancel(): void },
  { apiName, builder }: { readonly apiName: string; readonly builder: MetadataBuilder },
): UnaryCall {
  // The retry policy stands in the caller, the same for every transport.
  const settings = { apiName, retry: null, otherArgs: { metadataBuilder: builder } };
  const call: GaxCall = gax.createApiCall(invoke as never, new gax.CallSettings(settings));
  return ({ request, headers, deadline }) => {
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
