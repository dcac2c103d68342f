import { RpcError, SubmitError, type Code } from "../errors/index.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
import { metrics, Telemetry, type SpanStart } from "../telemetry/index.ts";
import { backoffMs, serverDelayMs, type Backoff } from "./backoff.ts";
import { checkCallOptions } from "./call-options.ts";
import { systemClock, type Clock } from "./clock.ts";
import { silentLogger, type Logger } from "./logger.ts";
import { submitOutcome } from "./submit-outcome.ts";
import type { AttemptFailure, AttemptOutcome, CallOptions, Transport } from "./transport.ts";

/** One call as the rooms above the transport make it. */
export interface Call extends CallOptions {
  readonly method: MethodEntry;
  readonly request: object;
  /** Of a submit: see `Attempt.isGiven`. */
  readonly isGiven?: boolean | undefined;
  /** The operation that the call is about, for errors. */
  readonly operationName?: string;
  /** Of a submit: see `Attempt.mayLeave`. */
  readonly mayLeave?: (() => boolean) | undefined;
  /** Of a submit: what its span tells beside the call. */
  readonly span?: Partial<Pick<SpanStart, "isRoot" | "attributes">> | undefined;
}

/** Makes calls over a transport, each under the retry policy of its kind. */
export interface Caller {
  /**
   * A call that costs money or makes something new, so that a repetition would do it twice: sent
   * once, over a ready connection.
   * @throws InvalidRequestError for its options; SubmitError whose `outcome` tells whether it may be
   * sent again; the signal's reason when it aborted before anything was sent.
   */
  submit(call: Call): Promise<object>;
  /**
   * Waits until a submit could leave at once: what is noted down before it then tells of as little as
   * possible that was never sent. Over REST, where each request has its connection made, this does not wait.
   * @throws SubmitError, `rejected`; the signal's reason when it aborted.
   */
  ready(call: Call): Promise<void>;
  /**
   * A call that is free to repeat: transient failures are retried with backoff until `timeoutMs`. A
   * delete that finds nothing, after an attempt of its own whose answer was lost, has done its work.
   * @throws InvalidRequestError for its options; RpcError; the signal's reason when it aborted.
   */
  read(call: Call): Promise<object>;
  /** As `read`, with exactly one attempt. */
  readOnce(call: Call): Promise<object>;
}

/** What a caller may be given in place of the defaults. */
export interface CallerOptions {
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  readonly random?: (() => number) | undefined;
  readonly telemetry?: Telemetry | undefined;
}

const submitTimeoutMs = 600_000;
const readTimeoutMs = 60_000;
const readBackoff: Backoff = { initialMs: 250, multiplier: 2, maxMs: 15_000, jitter: 0.5 };
/** One attempt of a read must leave time for another one. */
const readAttemptMs = 20_000;

const transientCodes: ReadonlySet<Code> = new Set<Code>([
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "RESOURCE_EXHAUSTED",
  "INTERNAL",
  "UNKNOWN",
  "ABORTED",
]);

/** Whether a read that failed with this code may succeed when it is repeated. */
export function isTransient(code: Code): boolean {
  return transientCodes.has(code);
}

/** A caller over a transport. */
export function createCaller(transport: Transport, options: CallerOptions = {}): Caller {
  const { clock = systemClock, logger = silentLogger, random = Math.random } = options;
  const { telemetry = new Telemetry() } = options;

  async function submit(call: Call): Promise<object> {
    checkCallOptions(methodName(call), call);
    call.signal?.throwIfAborted();
    const { timeoutMs = submitTimeoutMs, span: _, ...rest } = call;
    const outcome = await transport.attempt({ ...rest, timeoutMs, whenReady: true });
    if (outcome.ok && !isUnnamed(call, outcome.response)) return outcome.response;
    const failure = outcome.ok ? unnamed : outcome;
    if (!failure.mayHaveBeenSent) call.signal?.throwIfAborted();
    const error = submitError(call, failure);
    logger.warn(
      { method: error.method, code: error.code, outcome: error.outcome },
      "submit failed",
    );
    throw error;
  }

  async function ready(call: Call): Promise<void> {
    call.signal?.throwIfAborted();
    const { method, signal, timeoutMs = submitTimeoutMs } = call;
    const failure = await transport.ready?.({ method, signal, timeoutMs });
    call.signal?.throwIfAborted();
    if (failure !== undefined) throw submitError(call, failure);
  }

  async function read(call: Call): Promise<object> {
    checkCallOptions(methodName(call), call);
    const deadline = clock.now() + (call.timeoutMs ?? readTimeoutMs);
    let mayBeDone = false;
    for (let retry = 0; ; retry += 1) {
      const leftMs = Math.max(1, Math.ceil(deadline - clock.now()));
      const outcome = await tryRead(call, Math.min(readAttemptMs, leftMs));
      if (outcome.ok) return outcome.response;
      const error = rpcError(call, outcome);
      if (mayBeDone && error.code === "NOT_FOUND" && isDelete(call)) return {};
      mayBeDone ||= submitOutcome(outcome, call.method) === "unknown";
      const pause = Math.max(backoffMs(readBackoff, retry, random), serverDelayMs(error));
      if (!isTransient(error.code) || clock.now() + pause >= deadline) throw error;
      logger.debug({ method: error.method, code: error.code, pauseMs: pause }, "retrying a read");
      const labels = { "vision_batch.retry.kind": "read", "error.type": error.code };
      telemetry.add(metrics.retries, 1, labels);
      await clock.sleep(pause, call.signal);
    }
  }

  async function readOnce(call: Call): Promise<object> {
    checkCallOptions(methodName(call), call);
    const outcome = await tryRead(call, call.timeoutMs ?? readAttemptMs);
    if (outcome.ok) return outcome.response;
    throw rpcError(call, outcome);
  }

  /** One attempt; an abort is thrown. */
  async function tryRead(call: Call, timeoutMs: number): Promise<AttemptOutcome> {
    call.signal?.throwIfAborted();
    const outcome = await transport.attempt({ ...call, timeoutMs, whenReady: false });
    if (!outcome.ok) call.signal?.throwIfAborted();
    return outcome;
  }

  return { submit, ready, read, readOnce };
}

/** What answers every URL with some JSON of its own, as gateways do, must not pass for an operation. */
function isUnnamed({ method }: Call, response: { readonly name?: unknown }): boolean {
  return method.responseType === "google.longrunning.Operation" && response.name === "";
}

const unnamed: AttemptFailure = {
  ok: false,
  status: { code: "INTERNAL", message: "the answer is an operation without a name", details: [] },
  mayHaveBeenSent: true,
  cause: undefined,
};

function submitError(call: Call, failure: AttemptFailure): SubmitError {
  const outcome = submitOutcome(failure, call.method);
  const advice =
    outcome === "rejected" ? "nothing was accepted, it may be sent again" : doubtOf(call);
  return new SubmitError(
    `${describe(call, failure)}; ${advice}`,
    { ...failure.status, method: methodName(call), outcome },
    { cause: failure.cause },
  );
}

/** Of Vision's services, ImageAnnotator alone is paid for by the request. */
function doubtOf({ method }: Call): string {
  return method.service.endsWith(".ImageAnnotator")
    ? "it may have been accepted and be billed: look for its output before sending it again"
    : "it may have been accepted: look for what it was to do before sending it again";
}

function rpcError(call: Call, failure: AttemptFailure): RpcError {
  const about = call.operationName === undefined ? "" : ` (operation ${call.operationName})`;
  return new RpcError(
    `${describe(call, failure)}${about}`,
    { ...failure.status, method: methodName(call), operationName: call.operationName },
    { cause: failure.cause },
  );
}

/** Whether all that a call asks for is that something is not there any more. */
function isDelete({ method }: Call): boolean {
  return /^(?:Delete|Remove)/.test(method.name);
}

function describe(call: Call, { status }: AttemptFailure): string {
  return `${methodName(call)} failed with ${status.code}: ${status.message || "no message"}`;
}

function methodName({ method }: Call): string {
  return `${method.service}/${method.name}`;
}
