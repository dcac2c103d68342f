import { InvalidRequestError, type RequestProblem } from "../errors/index.ts";
import { maxTimerMs } from "./clock.ts";
import type { CallOptions } from "./transport.ts";

// What gRPC takes as the name and the value of a header that is text.
const headerName = /^[0-9a-z_.-]+$/i;
const headerValue = /^[ -~]*$/;

/**
 * Checks the options of a call before anything is sent: a header that gRPC refuses would fail the
 * call at a point where nobody can tell any more that it did not leave.
 * @throws InvalidRequestError listing every problem.
 */
export function checkCallOptions(what: string, options: CallOptions): void {
  const { signal, timeoutMs, headers } = options;
  const problems: RequestProblem[] = [];
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && isTimeout(timeoutMs))) {
    const message = `expected milliseconds, more than 0 and at most ${maxTimerMs}`;
    problems.push({ field: "options.timeoutMs", value: timeoutMs, message });
  }
  if (signal !== undefined && !((signal as unknown) instanceof AbortSignal)) {
    const message = "expected an AbortSignal, e.g. the `signal` of an AbortController";
    problems.push({ field: "options.signal", value: typeof signal, message });
  }
  for (const [name, value] of Object.entries<unknown>(headers ?? {})) {
    problems.push(...problemsOfHeader(name, value));
  }
  if (problems.length > 0) throw new InvalidRequestError(what, problems);
}

function isTimeout(ms: number): boolean {
  return ms > 0 && ms <= maxTimerMs;
}

function problemsOfHeader(name: string, value: unknown): RequestProblem[] {
  const field = `options.headers[${JSON.stringify(name)}]`;
  if (!headerName.test(name) || name.toLowerCase().endsWith("-bin")) {
    return [{ field, value: name, message: "is not the name of a text header" }];
  }
  if (typeof value === "string" && headerValue.test(value)) return [];
  // The value may be a secret, so that its kind has to do.
  return [{ field, value: typeof value, message: "expected a string of printable ASCII" }];
}
