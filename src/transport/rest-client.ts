import type { Agent } from "node:http";
import type { Readable } from "node:stream";
import type { AuthClient, gaxios } from "google-auth-library";
import { onAbort } from "./abortable.ts";
import { toReadable } from "./rest-body.ts";
import type { Departure } from "./rest-departure.ts";

/** An HTTP request. */
export interface HttpRequest {
  readonly verb: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** An HTTP response, its body unread. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** What one request needs beside itself. */
export interface SendOptions {
  /** The connections to use where no proxy stands between. */
  readonly agent: Agent;
  /** Whether the agent is used whatever proxies the environment names. */
  readonly isDirect: boolean;
  /** Ends the request, and the body as long as it lasts. */
  readonly signal: AbortSignal;
  readonly departure: Departure;
}

/**
 * Sends a request once, by the HTTP client of google-auth-library. It goes past the auth client's own
 * `request`, which sends a request again when it is answered with 401 or 403; retries of the HTTP
 * client are off, redirects are not followed.
 */
export async function sendOnce(
  http: gaxios.Gaxios,
  request: HttpRequest,
  { agent, isDirect, signal, departure }: SendOptions,
): Promise<HttpAnswer> {
  const wire = new AbortController();
  const unlink = onAbort([signal], () => {
    wire.abort();
  });
  signal.throwIfAborted();
  try {
    const response = await http.request<unknown>({
      method: request.verb.toUpperCase(),
      url: request.url,
      headers: request.headers,
      ...(request.body === undefined ? {} : { data: request.body }),
      ...(isDirect ? { agent } : {}),
      signal: wire.signal,
      responseType: "stream",
      redirect: "manual",
      retry: false,
      // Defaults that a given auth client brings along would win over `retry` alone.
      retryConfig: { retry: 0, noResponseRetries: 0, shouldRetry: () => false },
      validateStatus: () => true,
      adapter: (options, send) =>
        send({
          ...options,
          agent: watched((options as AgentOption).agent ?? agent, departure),
        }),
    });
    const body = toReadable(response.data);
    endWith(body, signal);
    signal.throwIfAborted();
    return { status: response.status, headers: new Headers(response.headers), body };
  } catch (error) {
    signal.throwIfAborted();
    // The error of the HTTP client holds the whole request.
    throw (error as Error).cause ?? error;
  } finally {
    unlink();
  }
}

/** The HTTP client of an auth client; a given one may have none. */
export async function httpClientOf(client: AuthClient): Promise<gaxios.Gaxios> {
  const { transporter } = client as { readonly transporter?: gaxios.Gaxios };
  return transporter ?? new (await import("google-auth-library")).gaxios.Gaxios();
}

/** Whether an HTTP client sends by Node's own HTTP and agents: not with a `fetch` of its owner's, or of a window. */
export function usesAgents(http: gaxios.Gaxios): boolean {
  return http.defaults.fetchImplementation === undefined && !("window" in globalThis);
}

/** An agent, or what chooses one by URL. */
interface AgentOption {
  readonly agent?: Agent | ((url: URL) => Agent);
}

function watched(
  agent: NonNullable<AgentOption["agent"]>,
  departure: Departure,
): NonNullable<AgentOption["agent"]> {
  return typeof agent === "function"
    ? (url) => departure.through(agent(url))
    : departure.through(agent);
}

/** Lets the signal end a body at both ends. */
function endWith(body: Readable, signal: AbortSignal): void {
  const end = (reason: unknown): void => {
    body.destroy(reason instanceof Error ? reason : new Error("aborted", { cause: reason }));
  };
  const unlink = onAbort([signal], end);
  body.once("close", unlink);
  // Who has not begun to read must not end the process by it; who reads is told by the stream.
  body.on("error", unlink);
  if (signal.aborted) end(signal.reason);
}
