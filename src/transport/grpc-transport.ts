import { createRequire } from "node:module";
import type { GrpcClient, GaxCall } from "google-gax";
import type { MethodEntry } from "../protocol/method-table.ts";
import { routingHeader } from "../protocol/routing.ts";
import { loadStub, type StubConstructor, type UnaryStub } from "../protocol/stubs.ts";
import { abortable, onAbort } from "./abortable.ts";
import { createAuthorization, type Authorization } from "./authorization.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";
import { noCredentials, notSent, PreparationError, statusOf } from "./grpc-failure.ts";
import { beforeDeadline, waitUntilReady } from "./readiness.ts";
import type { Attempt, AttemptOutcome, Transport } from "./transport.ts";

type Gax = typeof import("google-gax");

interface Session {
  readonly gax: Gax;
  readonly client: GrpcClient;
  readonly authorization: Authorization;
}

/** What google-gax returns for a unary call. */
type OngoingCall = Promise<readonly [object]> & { cancel(): void };

/** Sends a request whose every need is met, with a time limit in milliseconds. */
type Send = (timeoutMs: number) => OngoingCall;

/** Every automatic retry is off: with them one call can reach a server several times. */
const channelOptions = {
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
} as const;

/** gRPC by google-gax over the generated stubs; nothing heavy is loaded before the first attempt. */
export class GrpcTransport implements Transport {
  readonly #connection: Connection;
  readonly #options: ConnectionOptions;
  readonly #scopes: readonly string[];
  readonly #stubs = new Map<string, Promise<UnaryStub>>();
  readonly #calls = new Map<string, GaxCall>();
  #session: Promise<Session> | undefined;
  readonly #closing = new AbortController();

  constructor(connection: Connection, options: ConnectionOptions, scopes: readonly string[]) {
    this.#connection = connection;
    this.#options = options;
    this.#scopes = scopes;
  }

  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    const deadline = Date.now() + attempt.timeoutMs;
    let send: Send;
    try {
      const { signal } = this.#closing;
      send = await abortable(this.#prepare(attempt, deadline), signal, attempt.signal);
      signal.throwIfAborted();
      attempt.signal?.throwIfAborted();
    } catch (cause) {
      return notSent(cause, attempt.signal);
    }
    return this.#follow(send(Math.max(1, deadline - Date.now())), attempt.signal);
  }

  async projectId(): Promise<string | undefined> {
    return (await this.#open()).authorization.projectId();
  }

  async close(): Promise<void> {
    this.#closing.abort(new PreparationError("FAILED_PRECONDITION", "the client is closed"));
    const stubs = await Promise.allSettled(this.#stubs.values());
    for (const stub of stubs) if (stub.status === "fulfilled") stub.value.close();
    this.#stubs.clear();
    this.#calls.clear();
  }

  /** Everything that must be there before a request can leave: stub, token and, where asked, a ready channel. */
  async #prepare(attempt: Attempt, deadline: number): Promise<Send> {
    const { method, whenReady } = attempt;
    const session = await this.#open();
    const stub = await beforeDeadline(this.#authorize(method.service, session), deadline);
    if (whenReady) await this.#becomeReady(stub, deadline, attempt.signal);
    const call = this.#call(method, stub, session);
    const headers = this.#headers(attempt);
    return (timeout) => call(attempt.request, { timeout, otherArgs: { headers } }) as never;
  }

  async #authorize(service: string, { authorization }: Session): Promise<UnaryStub> {
    await authorization.ready().catch((cause: unknown) => {
      throw noCredentials(cause);
    });
    // A stub that is made after close() would never be closed.
    this.#closing.signal.throwIfAborted();
    return this.#stub(service);
  }

  async #becomeReady(stub: UnaryStub, deadline: number, signal?: AbortSignal): Promise<void> {
    const isWanted = (): boolean => !this.#closing.signal.aborted && signal?.aborted !== true;
    const error = await waitUntilReady(stub, deadline, isWanted);
    if (error === undefined) return;
    const { host, port } = this.#connection;
    const message = `no connection to ${host}:${port}: ${error.message}`;
    throw new PreparationError("UNAVAILABLE", message, { cause: error });
  }

  async #follow(ongoing: OngoingCall, signal: AbortSignal | undefined): Promise<AttemptOutcome> {
    const unlink = onAbort(signal === undefined ? [] : [signal], () => {
      ongoing.cancel();
    });
    try {
      const [response] = await ongoing;
      return { ok: true, response };
    } catch (error) {
      const status = await statusOf(error);
      if (status.code === "UNAUTHENTICATED") (await this.#open()).authorization.renew();
      const cause: unknown = signal?.aborted === true ? signal.reason : error;
      return { ok: false, status, mayHaveBeenSent: true, cause };
    } finally {
      unlink();
    }
  }

  #open(): Promise<Session> {
    this.#session ??= this.#load().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #load(): Promise<Session> {
    const [gax, authorization] = await Promise.all([
      import("google-gax"),
      createAuthorization(this.#options, this.#connection, this.#scopes),
    ]);
    return { gax, authorization, client: new gax.GrpcClient({ auth: authorization.auth }) };
  }

  #stub(service: string): Promise<UnaryStub> {
    const known = this.#stubs.get(service);
    if (known !== undefined) return known;
    const created = this.#createStub(service);
    this.#stubs.set(service, created);
    created.catch(() => this.#stubs.delete(service));
    return created;
  }

  async #createStub(service: string): Promise<UnaryStub> {
    const [{ gax, client }, Stub] = await Promise.all([this.#open(), loadStub(service)]);
    const { host, port, customHost, emulated, universeDomain } = this.#connection;
    const options = {
      servicePath: host,
      port,
      universeDomain,
      ...channelOptions,
      ...(emulated ? { sslCreds: gax.grpc.credentials.createInsecure() } : {}),
    };
    type Create = (Ctor: StubConstructor, options: object, custom: boolean) => Promise<unknown>;
    const create = client.createStub.bind(client) as unknown as Create;
    return (await create(Stub, options, customHost)) as UnaryStub;
  }

  #call(method: MethodEntry, stub: UnaryStub, session: Session): GaxCall {
    const key = method.path ?? "";
    const call = this.#calls.get(key) ?? createCall(method, stub, session);
    this.#calls.set(key, call);
    return call;
  }

  #headers({ method, request, headers }: Attempt): Record<string, string> {
    const params = routingHeader(method, request);
    const { authClient, quotaProjectId } = this.#options;
    const quotaProject = authClient && !authClient.quotaProjectId ? quotaProjectId : undefined;
    return {
      ...(params === undefined ? {} : { "x-goog-request-params": params }),
      ...(quotaProject ? { "x-goog-user-project": quotaProject } : {}),
      ...headers,
    };
  }
}

function createCall(method: MethodEntry, stub: UnaryStub, { gax, client }: Session): GaxCall {
  const name = method.name.charAt(0).toLowerCase() + method.name.slice(1);
  const base = { "x-goog-api-client": apiClientHeader(gax, client) };
  const settings = new gax.CallSettings({
    apiName: method.service,
    // The policy stands in the caller, the same for every transport.
    retry: null,
    otherArgs: { metadataBuilder: client.metadataBuilder(base) },
  });
  return gax.createApiCall(((...args: never[]) => stub[name]?.(...args)) as never, settings);
}

function apiClientHeader(gax: Gax, client: GrpcClient): string {
  const require = createRequire(import.meta.url);
  const { version } = require("vision-batch/package.json") as { version: string };
  const node = process.versions.node;
  return `gl-node/${node} gccl/${version} gax/${gax.version} grpc/${client.grpcVersion}`;
}
