import { InvalidRequestError, SubmitError, VisionBatchError } from "../errors/index.ts";
import { requestsPerMinute } from "../protocol/limits.ts";
import { checkCallOptions } from "../transport/call-options.ts";
import type { CallOptions } from "../transport/transport.ts";
import type { AnnotationPort, AnswerMethod } from "./annotation-port.ts";
import { toFeatures } from "./input-list.ts";
import { RequestMaker, type OneRequest } from "./request-maker.ts";
import { createScope, type Scope } from "./scope.ts";

/** The options that images and files have in common, as they came. */
export interface JobOptions extends CallOptions {
  readonly features?: unknown;
  readonly imageContext?: unknown;
  readonly concurrency?: number | undefined;
  readonly stopOnError?: boolean | undefined;
}

/** One call of `annotateImages`, `annotateFiles` or a helper: what all its requests have in common. */
export interface Job {
  readonly maker: RequestMaker;
  readonly concurrency: number;
  readonly scope: Scope;
  /** What is asked of every input that does not say otherwise. */
  readonly shared: OneRequest;
  /** Sends a request; a SubmitError is returned rather than thrown, unless it is to end everything. */
  readonly send: (requests: readonly OneRequest[]) => Promise<object | SubmitError>;
}

/** What a job is made of. */
export interface JobParts {
  readonly port: AnnotationPort;
  /** Aborts when the iteration is left. */
  readonly left?: AbortSignal;
  readonly method: AnswerMethod;
  /** What the job is called in errors. */
  readonly what: string;
  /** An input that is sound, to check what is asked of all. */
  readonly sample: OneRequest;
}

const defaultConcurrency = 4;
/** More than the service answers in a minute is a mistake. */
const maxConcurrency = requestsPerMinute;

/**
 * Checks what is asked of all inputs before anything is read.
 * @throws InvalidRequestError naming the options that are wrong.
 */
export async function createJob(parts: JobParts, options: JobOptions): Promise<Job> {
  const { port, left, method, what, sample } = parts;
  checkCallOptions(what, options);
  const {
    features,
    imageContext,
    concurrency = defaultConcurrency,
    stopOnError,
    ...rest
  } = options;
  const { signal, timeoutMs, headers, ...envelope } = rest;
  checkWhole(what, { field: "concurrency", value: concurrency, max: maxConcurrency });
  const shared = { features: toFeatures(features), imageContext };
  const maker = await RequestMaker.load(port, method);
  maker.checkOptions(what, { ...sample, ...shared }, envelope);
  const scope = createScope(left, signal);
  const send: Job["send"] = async (requests) => {
    const call = { signal: scope.signal, timeoutMs, headers };
    try {
      return await port.call(method, { requests, ...envelope }, call);
    } catch (error) {
      if (!(error instanceof SubmitError) || stopOnError === true) throw error;
      return error;
    }
  };
  return { maker, concurrency, scope, shared, send };
}

/** Checks an option that counts something, from 1. @throws InvalidRequestError. */
export function checkWhole(
  what: string,
  { field, value, max }: { readonly field: string; readonly value: number; readonly max: number },
): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  const message = `expected a whole number from 1 to ${max}`;
  throw new InvalidRequestError(what, [{ field: `options.${field}`, value, message }]);
}

/** The responses in an answer, in the order of the requests. */
export function responsesOf(answer: object): readonly object[] {
  return (answer as { readonly responses: readonly object[] }).responses;
}

/** The error of an input that cannot be sent; anything else that is thrown ends everything. */
export function inputError(error: unknown): VisionBatchError {
  if (error instanceof VisionBatchError) return error;
  throw error;
}
