import type { GrpcClient } from "google-gax";
import { routingHeader } from "../protocol/routing.ts";
import { loadStub, type StubConstructor, type UnaryStub } from "../protocol/stubs.ts";
import { abortable, onAbort } from "./abortable.ts";
import { createAuthorization, type Authorization } from "./authorization.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";
import { createUnaryCall, type Gax, type OngoingCall, type UnaryCall } from "./grpc-call.ts";
import { grpcChannelOptions } from "./grpc-channel-options.ts";
import {
  noCredentials,
  notSent,
  notWanted,
  PreparationError,
  sentFailure,
} from "./grpc-failure.ts";
import { beforeDeadline, isReady, nextTurn, waitUntilReady } from "./readiness.ts";
import type { Attempt, AttemptFailure, AttemptOutcome, Transport } from "./transport.ts";

interface Session {
  readonly gax: Gax;
  readonly client: GrpcClient;
  readonly authorization: Authorization;
}

/** All that a method needs to be called. */
interface Way {
  readonly authorization: Authorization;
  readonly stub: UnaryStub;
  readonly send: UnaryCall;
}

/** gRPC by google-gax over the generated stubs; nothing heavy is loaded before the first attempt. */
export class GrpcTransport implements Transport {
  readonly #connection: Connection;
  readonly #options: ConnectionOptions;
  readonly #scopes: readonly string[];
  readonly #stubs = new Map<string, Promise<UnaryStub>>();
  readonly #ways = new Map<string, Way>();
  #session: Promise<Session> | undefined;
  readonly #closing = new AbortController();

  constructor(connection: Connection, options: ConnectionOptions, scopes: readonly string[]) {
    this.#connection = connection;
    this.#options = options;
    this.#scopes = scopes;
  }

  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    const { request, signal, isGiven = false } = attempt;
    const deadline = Date.now() + attempt.timeoutMs;
    let ongoing: OngoingCall;
    try {
      const { send } = await this.#findWay(attempt, deadline);
      this.#closing.signal.throwIfAborted();
      signal?.throwIfAborted();
      if (attempt.mayLeave?.() === false) throw notWanted();
      ongoing = send({ request, headers: this.#headers(attempt), deadline, isGiven });
    } catch (cause) {
      return notSent(cause, signal);
    }
    return this.#follow(ongoing, signal);
  }

  async ready(
    attempt: Omit<Attempt, "request" | "whenReady">,
  ): Promise<AttemptFailure | undefined> {
    const deadline = Date.now() + attempt.timeoutMs;
    try {
      await this.#findWay({ ...attempt, whenReady: true }, deadline);
      return undefined;
    } catch (cause) {
      return notSent(cause, attempt.signal);
    }
  }

  async projectId(): Promise<string | undefined> {
    return (await this.#open()).authorization.projectId();
  }

  async close(): Promise<void> {
    this.#closing.abort(new PreparationError("FAILED_PRECONDITION", "the client is closed"));
    const stubs = await Promise.allSettled(this.#stubs.values());
    for (const stub of stubs) if (stub.status === "fulfilled") stub.value.close();
    this.#stubs.clear();
    this.#ways.clear();
  }

  /** The way of a method, at once where nothing has to be waited for, as with every call but the first ones. */
  async #findWay(attempt: Omit<Attempt, "request">, deadline: number): Promise<Way> {
    const way = this.#ways.get(attempt.method.path ?? "");
    if (way?.authorization.isReady() === true) {
      if (!attempt.whenReady) return way;
      // A connection that broke while this process was busy or asleep shows only when its events are handled.
      await nextTurn();
      this.#closing.signal.throwIfAborted();
      if (isReady(way.stub)) return way;
    }
    const { signal } = this.#closing;
    return abortable(this.#prepare(attempt, deadline), signal, attempt.signal);
  }

  /** Everything that must be there before a request can leave: stub, token and, where asked, a ready channel. */
  async #prepare(
    { method, whenReady, signal }: Omit<Attempt, "request">,
    deadline: number,
  ): Promise<Way> {
    const session = await this.#open();
    const stub = await beforeDeadline(this.#authorize(method.service, session), deadline);
    if (whenReady) await this.#becomeReady(stub, deadline, signal);
    const { authorization } = session;
    const key = method.path ?? "";
    const way = this.#ways.get(key) ?? {
      authorization,
      stub,
      send: createUnaryCall(method, stub, session),
    };
    this.#ways.set(key, way);
    return way;
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

  async #follow(
    { answer, cancel }: OngoingCall,
    signal: AbortSignal | undefined,
  ): Promise<AttemptOutcome> {
    const unlink = signal === undefined ? undefined : onAbort([signal], cancel);
    try {
      return { ok: true, response: await answer };
    } catch (error) {
      return await this.#failure(error, signal);
    } finally {
      unlink?.();
    }
  }

  async #failure(error: unknown, signal: AbortSignal | undefined): Promise<AttemptFailure> {
    const failure = await sentFailure(error);
    if (failure.status.code === "UNAUTHENTICATED") (await this.#open()).authorization.renew();
    return signal?.aborted === true ? { ...failure, cause: signal.reason as unknown } : failure;
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
      ...grpcChannelOptions(),
      ...(emulated ? emulatorOptions(gax) : {}),
    };
    type Create = (Ctor: StubConstructor, options: object, custom: boolean) => Promise<unknown>;
    const create = client.createStub.bind(client) as unknown as Create;
    return (await create(Stub, options, customHost)) as UnaryStub;
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

/** An emulator has no TLS, and no proxy of the environment stands before it. */
function emulatorOptions({ grpc }: Gax): object {
  return { sslCreds: grpc.credentials.createInsecure(), "grpc.enable_http_proxy": 0 };
}
