import type { ApiVersion } from "../protocol/api-version.ts";
import type { CallOptions } from "../transport/transport.ts";

/** The methods that answer at once. */
export type AnswerMethod = "batchAnnotateImages" | "batchAnnotateFiles";

/** What is needed of a client to annotate any number of inputs. */
export interface AnnotationPort {
  /** The version whose messages a method takes and gives. @throws VisionBatchError where there is no such method. */
  messages(method: AnswerMethod): Promise<ApiVersion>;
  /** How requests go out: a file that is too large as JSON may fit as protobuf. */
  readonly encoding: "json" | "proto";
  /** Sends a request of a method once and answers with its response message. */
  call(method: AnswerMethod, request: object, options: CallOptions): Promise<object>;
}

/** An iteration of results over a port. */
export interface Annotating {
  readonly port: AnnotationPort;
  /** Aborts when the iteration is left. */
  readonly left: AbortSignal;
}
