import type { AuthClient, gaxios, GoogleAuth } from "google-auth-library";
import { messagesOver } from "../protocol/method-table.ts";
import { abortable } from "./abortable.ts";
import { createAuthorization, type Authorization } from "./authorization.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";
import { noCredentials, notWanted, PreparationError } from "./grpc-failure.ts";
import type { RawResponse } from "./raw-response.ts";
import { createAgents, type RestAgents } from "./rest-agents.ts";
import { decodeAnswer } from "./rest-answer.ts";
import {
  httpClientOf,
  sendOnce,
  usesAgents,
  type HttpAnswer,
  type HttpRequest,
} from "./rest-client.ts";
import { Departure } from "./rest-departure.ts";
import { refused, unanswered, unsent } from "./rest-failure.ts";
import { AttemptLimit } from "./rest-limit.ts";
import { encodeCall, headersOf } from "./rest-request.ts";
import type { Attempt, AttemptOutcome, Transport } from "./transport.ts";

interface Session {
  readonly authorization: Authorization;
  readonly agents: RestAgents;
}

/** A request whose every need is met. */
interface Prepared {
  readonly agents: RestAgents;
  readonly http: gaxios.Gaxios;
  readonly request: HttpRequest;
}

/** What is made of an answer of 2xx; `end` is called when its body is not needed any more. */
type TakeAnswer = (answer: HttpAnswer, end: () => void) => Promise<object>;

/** Attempts by google-auth-library's HTTP client, which is loaded with the first one. */
export class RestAttempts implements Transport {
  /** The same, but that an answer is a {@link RawResponse}. */
  readonly raw: Transport;
  readonly #connection: Connection;
  readonly #options: ConnectionOptions;
  readonly #scopes: readonly string[];
  readonly #closing = new AbortController();
  #session: Promise<Session> | undefined;
  #ongoing = 0;

  constructor(connection: Connection, options: ConnectionOptions, scopes: readonly string[]) {
    this.#connection = connection;
    this.#options = options;
    this.#scopes = scopes;
    this.raw = {
      attempt: (attempt) => this.#attempt(attempt, takeRaw),
      projectId: () => this.projectId(),
      close: () => this.close(),
    };
  }

  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    const { responseType } = messagesOver(attempt.method, "rest");
    return this.#attempt(attempt, async (answer, end) => {
      try {
        return await decodeAnswer(responseType, answer);
      } finally {
        end();
      }
    });
  }

  async projectId(): Promise<string | undefined> {
    return (await this.#open()).authorization.projectId();
  }

  async close(): Promise<void> {
    this.#closing.abort(new PreparationError("FAILED_PRECONDITION", "the client is closed"));
    if (this.#ongoing === 0) await this.#destroyAgents();
  }

  async #attempt(attempt: Attempt, take: TakeAnswer): Promise<AttemptOutcome> {
    const limit = new AttemptLimit(attempt);
    try {
      const { signal } = this.#closing;
      const prepared = await abortable(this.#prepare(attempt), signal, limit.signal);
      signal.throwIfAborted();
      limit.signal.throwIfAborted();
      return await this.#exchange(attempt, prepared, { limit, take });
    } catch (cause) {
      limit[Symbol.dispose]();
      return unsent(cause, attempt.signal);
    }
  }

  /** Everything that must be there before a request can leave: its text, a token, a pool of connections. */
  async #prepare(attempt: Attempt): Promise<Prepared> {
    const { verb, target, body } = await encodeCall(attempt);
    const session = await this.#open();
    const client = await this.#authorize(session.authorization);
    const origin = this.#origin();
    const authorization = await client.getRequestHeaders(`${origin}/`).catch((cause: unknown) => {
      throw noCredentials(cause);
    });
    const headers = headersOf(attempt, this.#withQuotaProject(new Headers(authorization)));
    const request = { verb, url: `${origin}${target}`, headers, body };
    return { agents: session.agents, http: await httpClientOf(client), request };
  }

  async #authorize(authorization: Authorization): Promise<AuthClient> {
    try {
      await authorization.ready();
      const client = await authorization.auth.getClient();
      if (!this.#connection.emulated) await this.#checkUniverse(authorization.auth);
      return client;
    } catch (cause) {
      throw noCredentials(cause);
    }
  }

  /** A token is good in its own universe only, and must not be shown to another. */
  async #checkUniverse(auth: GoogleAuth): Promise<void> {
    const { universeDomain } = this.#connection;
    const found = await auth.getUniverseDomain();
    if (found === universeDomain) return;
    throw new Error(
      `the credentials are of the universe ${found}, the client's is ${universeDomain}`,
    );
  }

  async #exchange(
    attempt: Attempt,
    { http, agents, request }: Prepared,
    { limit, take }: { readonly limit: AttemptLimit; readonly take: TakeAnswer },
  ): Promise<AttemptOutcome> {
    const { mayLeave } = attempt;
    if (mayLeave?.() === false) throw notWanted();
    const departure = new Departure({ isBlind: !usesAgents(http), mayLeave });
    const end = this.#begin(limit);
    limit.expectConnection(() => departure.mayHaveLeft);
    try {
      const answer = await sendOnce(http, request, {
        agent: attempt.whenReady ? agents.submits : agents.reads,
        isDirect: this.#connection.emulated,
        signal: limit.signal,
        departure,
      });
      if (answer.status >= 200 && answer.status < 300) {
        return { ok: true, response: await take(answer, end) };
      }
      const failure = await refused(answer, departure);
      if (failure.status.code === "UNAUTHENTICATED") (await this.#open()).authorization.renew();
      end();
      return failure;
    } catch (cause) {
      end();
      if (departure.isUnwanted) return unsent(notWanted(), attempt.signal);
      return unanswered(cause, attempt.signal, departure);
    }
  }

  /** Counts an exchange; the last one of a closed client closes the connections. */
  #begin(limit: AttemptLimit): () => void {
    let isOver = false;
    this.#ongoing += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      limit[Symbol.dispose]();
      this.#ongoing -= 1;
      if (this.#closing.signal.aborted) void this.#destroyAgents();
    };
  }

  async #destroyAgents(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    if (this.#ongoing === 0) session?.agents.destroy();
  }

  #open(): Promise<Session> {
    this.#session ??= this.#load().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #load(): Promise<Session> {
    const [authorization, agents] = await Promise.all([
      createAuthorization(this.#options, this.#connection, this.#scopes),
      createAgents(this.#connection.emulated),
    ]);
    return { authorization, agents };
  }

  #origin(): string {
    const { host, port, emulated } = this.#connection;
    if (emulated) return `http://${host}:${port}`;
    return port === 443 ? `https://${host}` : `https://${host}:${port}`;
  }

  #withQuotaProject(headers: Headers): Headers {
    const { authClient, quotaProjectId } = this.#options;
    // What a given auth client says goes before the option; others have been told of it.
    const isMissing = authClient !== undefined && !headers.has("x-goog-user-project");
    if (isMissing && quotaProjectId !== undefined) {
      headers.set("x-goog-user-project", quotaProjectId);
    }
    return headers;
  }
}

function takeRaw(answer: HttpAnswer, end: () => void): Promise<RawResponse> {
  const { status, headers, body } = answer;
  body.once("close", end);
  return Promise.resolve({ status, headers: Object.fromEntries(headers), body });
}
